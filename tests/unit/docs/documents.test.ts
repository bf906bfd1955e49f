import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import packageJson from '../../../package.json';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(file));
const documents = tracked
  .filter((file) => file.endsWith('.md') && !file.startsWith('tests/fixtures/'))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '');

/** A path as documents write it: with `*`, `<name>` or `NAME` for a part that varies, and with or without `.ts`. */
function namesFile(path: string): boolean {
  const parts = path
    .replace(/\/(\*\*)?$/, '')
    .split(/\*+|<[^>]+>|\b(?:[A-Z_]{3,}|X)\b|…/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('[^/]*')}(\\.ts|\\.tsx)?(/|$)`);
  return tracked.some((file) => pattern.test(file));
}

test('there are documents', () => {
  expect(documents.length).toBeGreaterThan(30);
});

test('every link leads to a file of the repository', () => {
  const dead = documents.flatMap(({ file, text }) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
      .map(([, link, source]) => (link ?? source ?? '').replace(/#.*$/, ''))
      .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
      .filter((link) => !existsSync(join(dirname(file), decodeURI(link))))
      .map((link) => `${file}: ${link}`),
  );
  expect(dead).toEqual([]);
});

test('every path that a document names exists', () => {
  const dead = documents.flatMap(({ file, text }) =>
    [
      ...text
        .replace(/<br>|\]\(/g, ' ')
        .matchAll(/(?<![\w./@-])((?:app|bin|docs|lib|models|prisma|public|scripts|tests)\/[\w.*/[\]()<>…-]+)/g),
    ]
      .map(([, path = '']) => path.replace(/[.)]+$/, ''))
      .filter((path) => !namesFile(path))
      .map((path) => `${file}: ${path}`),
  );
  expect(dead).toEqual([]);
});

test('every file that is named without its folder exists', () => {
  const names = new Set(tracked.map((file) => basename(file)));
  const named = documents.flatMap(({ file, text }) =>
    [...text.matchAll(/`([\w-]+\.(?:ts|tsx|mjs|py))`/g)].map(([, name = '']) => ({ file, name })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ name }) => !names.has(name))).toEqual([]);
});

test('every npm script that a document or a workflow names exists', () => {
  const workflows = tracked
    .filter((file) => file.startsWith('.github/'))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  expect(workflows.length).toBeGreaterThan(5);
  const named = [...documents, ...workflows].flatMap(({ text }) =>
    [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
  );
  expect(named.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([]);
  expect(named.length).toBeGreaterThan(5);
});

test('the table of versions has a row for this app, and its bundle is within it', () => {
  const table = readFileSync('docs/versions.md', 'utf8');
  const row = table.split('\n').find((line) => line.startsWith(`| ${packageJson.version} |`));
  const manifest: unknown = JSON.parse(readFileSync('models/mini/manifest.json', 'utf8'));
  const { version, format } = manifest as { version: string; format: number };
  expect(row).toMatch(new RegExp(`^\\| [\\d.]+ \\| ${format} \\| [\\d.]+ to ${version.replaceAll('.', '\\.')} \\|$`));
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  expect(changelog).toMatch(
    new RegExp(`^## ${packageJson.version.replaceAll('.', '\\.')}, \\d{4}-\\d\\d-\\d\\d$`, 'm'),
  );
});
