import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeViolations } from './support/axe';
import { launchBrowser, PATIENCE_MS, type Theme } from './support/browser';
import { startServer, stopServer, type TestServer } from './support/server';

const PASSWORD = 'correct horse battery';
const TEAM = { LOOKTWICE_MODE: 'team', LOOKTWICE_SECRET: 'a secret of a test that is long enough' };

let browser: Browser;
let server: TestServer;
const data = mkdtempSync(join(tmpdir(), 'looktwice-accounts-'));

beforeAll(async () => {
  server = await startServer(data, undefined, data, TEAM);
  const args = ['bin/looktwice.mjs', 'users', 'add', 'ada@example.com', '--name', 'Ada'];
  execFileSync(process.execPath, args, {
    env: { ...process.env, ...TEAM, LOOKTWICE_URL: server.url, LOOKTWICE_DATA: data },
    input: `${PASSWORD}\n`,
  });
  browser = await launchBrowser();
}, PATIENCE_MS);
afterAll(async () => {
  await browser?.close();
  if (server !== undefined) {
    await stopServer(server);
  }
  rmSync(data, { recursive: true, force: true });
});

async function visit(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${server.url}${path}`);
  return page;
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

it.each<[Theme, number]>([
  ['light', 1280],
  ['dark', 390],
  ['high-contrast', 1280],
])('finds no serious violation on sign-in, account, team and invitation: %s, %i px wide', async (theme, width) => {
  const context = await browser.newContext({ viewport: { width, height: 844 }, reducedMotion: 'reduce' });
  await context.addInitScript((value) => localStorage.setItem('theme', value), theme);
  const found: Record<string, string[]> = {};
  const check = async (page: Page, name: string) => {
    await page.waitForSelector(`[data-theme=${theme}]`);
    const list = await axeViolations(page);
    if (list.length > 0) {
      found[name] = list;
    }
  };

  const page = await visit(context, '/sign-in?next=%2Fteam');
  await check(page, 'sign-in');
  await signIn(page, 'not the password');
  await page.getByText('The address or the password is wrong').waitFor();
  await check(page, 'failed sign-in');
  await signIn(page, PASSWORD);
  await page.waitForURL(`${server.url}/team`);
  await page.getByPlaceholder('name@example.com').fill(`ben-${theme}@example.com`);
  await page.getByRole('button', { name: 'Invite' }).click();
  const link = await page.locator('[role=status] code').innerText();
  await page.waitForSelector('table tbody tr');
  await check(page, 'team, with an invitation and the audit log');

  const account = await visit(context, '/account');
  await account.getByLabel('Name').fill('Inspection cell 4');
  await account.getByRole('button', { name: 'Make a key' }).click();
  await account.waitForSelector('[role=status] code');
  await check(account, 'account, with a new key');

  const stranger = await browser.newContext({ viewport: { width, height: 844 }, reducedMotion: 'reduce' });
  await stranger.addInitScript((value) => localStorage.setItem('theme', value), theme);
  const invitation = await visit(stranger, link.slice(link.indexOf('/invitation')));
  await invitation.getByText('You come in as').waitFor();
  await check(invitation, 'invitation');
  const dead = await visit(stranger, '/invitation#nothing');
  await dead.locator('[role=alert]').first().waitFor();
  await check(dead, 'dead invitation');

  expect(found).toEqual({});
  await stranger.close();
  await context.close();
});
