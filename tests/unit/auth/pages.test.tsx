import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { permissions } from '@/lib/auth/permissions';
import type { Page } from '@/lib/handler/page';
import { appFiles } from '../../support/routes';

/**
 * Pages that need no account. They show nothing of anybody's, or ask for a secret themselves. A new one has to be
 * argued for here.
 */
const PUBLIC: Record<string, string> = {
  'app/(accounts)/sign-in/page.tsx': 'asks for a password',
  'app/(accounts)/invitation/page.tsx': 'asks for the token of an invitation',
  'app/s/[token]/page.tsx': 'asks for the token of a link, and its password',
  'app/s/[token]/embed/page.tsx': 'asks for the token of a link that allows embedding',
};

/** Files of app/ that Next.js serves or renders without asking anybody: they must show nothing of anybody's. */
const HARMLESS = new Set([
  'app/layout.tsx',
  'app/error.tsx',
  'app/icon.svg',
  'app/globals.css',
  'app/theme.css',
  'app/s/[token]/not-found.tsx',
]);

test('every page was made by `page` with a permission, and the public ones are the known ones', async () => {
  const files = appFiles('page');
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const { default: page } = (await import(join(process.cwd(), file))) as { default: Page };
    expect([file, permissions.includes(page.access)]).toEqual([file, true]);
    expect([file, page.access === 'public']).toEqual([file, file in PUBLIC]);
  }
});

test('nothing else in app/ answers requests: a new kind of file has to be looked at here', () => {
  const all = readdirSync('app', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const known = new Set([...appFiles('page'), ...appFiles('route'), ...HARMLESS]);
  expect(all.filter((file) => !known.has(file))).toEqual([]);
});

test('there are no server actions: they would answer requests that no route checks', () => {
  const sources = ['app', 'lib'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[jt]sx?$/.test(file) && !file.startsWith('database/generated'))
      .map((file) => join(folder, file)),
  );
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.filter((file) => /['"]use server['"]/.test(readFileSync(file, 'utf8')))).toEqual([]);
});
