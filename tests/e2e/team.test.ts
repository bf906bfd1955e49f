import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PATIENCE_MS, launchBrowser } from './support/browser';
import { recordViolations, violations } from './support/violations';

const PASSWORD = 'correct horse battery';

let browser: Browser;
let server: ChildProcess;
let url: string;
const data = mkdtempSync(join(tmpdir(), 'looktwice-team-'));

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    LOOKTWICE_DATA: data,
    LOOKTWICE_MODE: 'team',
    LOOKTWICE_URL: url,
    LOOKTWICE_SECRET: 'a secret of a test that is long enough',
  };
  const run = (args: string[], input = '') => {
    const result = spawnSync(process.execPath, args, { env, input, encoding: 'utf8' });
    if (result.status !== 0) {
      throw new Error(`node ${args.join(' ')}: ${result.stderr}`);
    }
  };
  run(['--import', 'tsx', 'prisma/migrate.ts']);
  run(['bin/looktwice.mjs', 'users', 'add', 'ada@example.com', '--name', 'Ada'], `${PASSWORD}\n`);
  const log = openSync(join(data, 'server.log'), 'a');
  const args = ['scripts/start.mjs', '--host', '127.0.0.1', '--port', String(port)];
  server = spawn(process.execPath, args, { env, stdio: ['ignore', log, log] });
  const until = Date.now() + PATIENCE_MS;
  while (
    !(await fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (Date.now() > until || server.exitCode !== null) {
      throw new Error(`the server did not start; see ${join(data, 'server.log')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  if (server !== undefined) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
  rmSync(data, { recursive: true, force: true });
});

async function visit(path: string, context?: BrowserContext): Promise<Page> {
  const shared = context ?? (await browser.newContext({ viewport: { width: 1280, height: 900 } }));
  if (context === undefined) {
    await recordViolations(shared);
  }
  const page = await shared.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${url}${path}`);
  return page;
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('from the first administrator to an invited colleague with a key', async () => {
  // Nobody is sent to sign in, and back to where they wanted to go.
  const ada = await visit('/team');
  await ada.waitForURL(/\/sign-in\?next=%2Fteam/);
  await ada.getByLabel('Email').fill('ada@example.com');
  await ada.getByLabel('Password').fill('not the password');
  await ada.getByRole('button', { name: 'Sign in' }).click();
  await ada.getByText('The address or the password is wrong').waitFor();
  await signIn(ada, 'ada@example.com');
  await ada.waitForURL(`${url}/team`);

  await ada.getByPlaceholder('name@example.com').fill('ben@example.com');
  await ada.getByLabel('Role', { exact: true }).selectOption('viewer');
  await ada.getByRole('button', { name: 'Invite' }).click();
  const link = await ada.locator('code').filter({ hasText: '/invitation#' }).innerText();

  const ben = await visit(link.slice(url.length));
  await ben.getByText('You come in as').waitFor();
  await ben.getByLabel('Name').fill('Ben');
  await ben.getByLabel('Password').fill(PASSWORD);
  await ben.getByRole('button', { name: 'Make my account' }).click();
  await ben.waitForSelector('[data-workbench]');

  // A viewer has no team page; the gear offers what there is.
  const missing = await ben.context().newPage();
  expect((await missing.goto(`${url}/team`))?.status()).toBe(404);
  await ben.getByRole('button', { name: 'Settings' }).click();
  await ben.getByRole('menuitem', { name: 'Account and API Keys…' }).waitFor();
  expect(await ben.getByRole('menuitem', { name: 'Team and Audit Log…' }).count()).toBe(0);
  await ben.getByRole('menuitem', { name: 'Account and API Keys…' }).click();
  await ben.waitForURL(`${url}/account`);
  await ben.getByLabel('Name').fill('Inspection cell 4');
  await ben.getByRole('button', { name: 'Make a key' }).click();
  const key = await ben
    .locator('code')
    .filter({ hasText: /^lt_[\w-]{43}$/ })
    .innerText();
  const asKey = (path: string) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  expect((await asKey('/api/conversations')).status).toBe(200);
  expect((await asKey('/api/users')).status).toBe(403);

  // Barring ends the session and the key at once.
  await ada.reload();
  await ada.getByRole('button', { name: 'Bar ben@example.com' }).click();
  await ada.getByRole('button', { name: 'Let in ben@example.com' }).waitFor();
  expect((await asKey('/api/conversations')).status).toBe(401);
  await ben.goto(`${url}/`);
  await ben.waitForURL(/\/sign-in/);
  await signIn(ben, 'ben@example.com');
  await ben.getByRole('alert').filter({ hasText: 'wrong' }).waitFor();

  await ada.reload();
  await ada.getByText('user.disable').waitFor();
  // Who signed in, and from where.
  await ada.getByRole('row').filter({ hasText: 'session.create' }).filter({ hasText: '127.0.0.1' }).first().waitFor();
  expect(await violations(ada)).toEqual([]);
  expect(await violations(ben)).toEqual([]);
});
