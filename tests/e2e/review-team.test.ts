import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { DatasetInfo, ItemsResponse, ReviewItem } from '@/lib/datasets/contract';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { PATIENCE_MS, launchBrowser } from './support/browser';
import { importFolder } from './support/import-folder';
import { startServer, stopServer, type TestServer } from './support/server';

const PASSWORD = 'correct horse battery';
const data = mkdtempSync(join(tmpdir(), 'looktwice-e2e-reviewers-'));

let browser: Browser;
let server: TestServer;
let folder: string;
let ada: Page;
let ben: Page;
let setId = '';
let itemIds: string[] = [];
const errors: string[] = [];

async function signIn(email: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(server.url);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForSelector('[data-workbench]');
  return page;
}

/** Reads the API as the person of a page does. */
const read = <T>(page: Page, path: string): Promise<T> =>
  page.evaluate(async (address) => (await fetch(address)).json() as Promise<T>, path);
const readItem = (page: Page, index: number) =>
  read<ReviewItem>(page, `/api/datasets/${setId}/items/${itemIds[index]}/reviews`);

async function openReview(page: Page): Promise<void> {
  await page.click('nav[aria-label=Views] >> button[aria-label=Review]');
  await page.locator('select[aria-label="Data set"]').selectOption(setId);
  await page.waitForSelector(`[data-review="${setId}"] [data-review-item]`);
  await page.focus('[data-review-stage]');
}

async function shows(page: Page, index: number): Promise<void> {
  await page.waitForSelector(`[data-review-item="${itemIds[index]}"]`);
  await page.waitForFunction(() => document.activeElement?.matches('[data-review-stage]'));
}

beforeAll(async () => {
  const settings = { LOOKTWICE_MODE: 'team', LOOKTWICE_SECRET: 'a secret of a test that is long enough' };
  server = await startServer(data, undefined, data, settings);
  for (const [name, role] of [
    ['Ada', 'admin'],
    ['Ben', 'reviewer'],
  ] as const) {
    const args = ['bin/looktwice.mjs', 'users', 'add', `${name.toLowerCase()}@example.com`, '--name', name];
    const env = { ...process.env, ...settings, LOOKTWICE_URL: server.url, LOOKTWICE_DATA: data };
    const { status, stderr } = spawnSync(process.execPath, [...args, '--role', role], {
      env,
      input: `${PASSWORD}\n`,
      encoding: 'utf8',
    });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  }
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 3; i += 1) {
    files[`anomalous/${i}.png`] = await makePng(i, 160, 120);
  }
  folder = await layFiles(files);
  browser = await launchBrowser();
  ada = await signIn('ada@example.com');
  ben = await signIn('ben@example.com');
});
afterAll(async () => {
  await browser?.close();
  if (server !== undefined) {
    await stopServer(server);
  }
  await removeFolder(folder);
  rmSync(data, { recursive: true, force: true });
});

it('the owner imports a set and deals its items to a colleague, who sees it only then', async () => {
  await importFolder(ada, { folder, name: 'Plates', items: 3 });
  setId = (await read<{ datasets: DatasetInfo[] }>(ada, '/api/datasets')).datasets[0]?.id ?? '';
  itemIds = (await read<ItemsResponse>(ada, `/api/datasets/${setId}/items?order=path&limit=10`)).items.map(
    ({ id }) => id,
  );
  expect(itemIds).toHaveLength(3);
  expect(await readItem(ben, 0)).toMatchObject({ error: { code: 'not_found' } });

  await openReview(ada);
  await ada.getByRole('button', { name: 'Reviewers' }).click();
  await ada.getByRole('dialog').getByText('Ben').click();
  await ada.getByRole('button', { name: 'Assign', exact: true }).click();
  await ada.getByText('0 of 3 done').waitFor();
  await ada.keyboard.press('Escape');
  await ada.focus('[data-review-stage]');
});

it('two accounts on one item at once: the later one is told who came first, and nothing is lost', async () => {
  await openReview(ben);
  await shows(ada, 0);
  await shows(ben, 0);
  await ben.fill('[data-review-field=description]', 'A scratch that Ben saw.');
  await ben.focus('[data-review-stage]');
  await ada.keyboard.press('a');
  await shows(ada, 1);

  await ben.keyboard.press('r');
  await ben.waitForSelector('[data-conflict]');
  const notice = await ben.innerText('[data-conflict]');
  for (const said of [
    'Ada reviewed this item',
    'Yours was not stored',
    'Accepted',
    'Rejected',
    'A scratch that Ben saw.',
  ]) {
    expect(notice).toContain(said);
  }
  expect((await readItem(ada, 0)).reviews.map(({ reviewer, verdict }) => [reviewer?.name, verdict])).toEqual([
    ['Ada', 'accepted'],
  ]);

  await ben.click('[data-conflict] >> text=Keep my edits');
  await ben.waitForSelector('[data-conflict]', { state: 'detached' });
  expect(await ben.inputValue('[data-review-field=description]')).toBe('A scratch that Ben saw.');
  await ben.focus('[data-review-stage]');
  await ben.keyboard.press('r');
  await shows(ben, 1);
  const item = await readItem(ada, 0);
  expect(item.reviews.map(({ reviewer, verdict, revision }) => [reviewer?.name, verdict, revision])).toEqual([
    ['Ada', 'accepted', 1],
    ['Ben', 'rejected', 2],
  ]);
  expect(item.annotation).toMatchObject({ verdict: 'rejected', description: 'A scratch that Ben saw.' });
});

it('sent in the same moment, one of two decisions is stored and the other refused', async () => {
  await shows(ada, 1);
  await shows(ben, 1);
  await Promise.all([ada.keyboard.press('a'), ben.keyboard.press('r')]);
  const settled = (page: Page) =>
    page.waitForFunction(
      ([conflict, next]) =>
        document.querySelector(conflict ?? '') !== null || document.querySelector(next ?? '') !== null,
      ['[data-conflict]', `[data-review-item="${itemIds[2]}"]`],
    );
  await Promise.all([settled(ada), settled(ben)]);
  const refused = await Promise.all([ada, ben].map((page) => page.locator('[data-conflict]').count()));
  expect(refused.reduce((sum, count) => sum + count, 0)).toBe(1);
  const { reviews } = await readItem(ada, 1);
  const winner = refused[0] === 0 ? ['Ada', 'accepted', 1] : ['Ben', 'rejected', 1];
  expect(reviews.map(({ reviewer, verdict, revision }) => [reviewer?.name, verdict, revision])).toEqual([winner]);
  expect(errors).toEqual([]);
});
