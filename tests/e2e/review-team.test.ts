import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { AssignmentsResponse, DatasetInfo, ItemsResponse, ReviewItem } from '@/lib/datasets/contract';
import { createMask, type Bbox } from '@/lib/segmentation/mask';
import { compressCounts, encodeRle } from '@/lib/segmentation/rle';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { PATIENCE_MS, launchBrowser } from './support/browser';
import { importFolder } from './support/import-folder';
import { startServer, stopServer, type TestServer } from './support/server';

const PASSWORD = 'correct horse battery';
const SIZE = { width: 160, height: 120 };
const data = mkdtempSync(join(tmpdir(), 'looktwice-e2e-reviewers-'));

let browser: Browser;
let server: TestServer;
const folders: string[] = [];
let ada: Page;
let ben: Page;
let cleo: Page;
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
/** Sends to the API as the person of a page does. */
const send = (page: Page, path: string, body: unknown): Promise<number> =>
  page.evaluate(
    async ([address, text]) =>
      (
        await fetch(address ?? '', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: text ?? '',
        })
      ).status,
    [path, JSON.stringify(body)],
  );
const readItem = (page: Page, index: number) =>
  read<ReviewItem>(page, `/api/datasets/${setId}/items/${itemIds[index]}/reviews`);

/** Imports a folder of `count` pictures as the owner and makes it the set that the following steps are about. */
async function importPictures(name: string, first: number, count: number): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i += 1) {
    files[`anomalous/${i}.png`] = await makePng(first + i, SIZE.width, SIZE.height);
  }
  const folder = await layFiles(files);
  folders.push(folder);
  await importFolder(ada, { folder, name, items: count });
  const { datasets } = await read<{ datasets: DatasetInfo[] }>(ada, '/api/datasets');
  setId = datasets.find((set) => set.name === name)?.id ?? '';
  const { items } = await read<ItemsResponse>(ada, `/api/datasets/${setId}/items?order=path&limit=10`);
  itemIds = items.map(({ id }) => id);
  expect(itemIds).toHaveLength(count);
}

async function chooseSet(page: Page): Promise<void> {
  await page.click('nav[aria-label=Views] >> button[aria-label=Review]');
  await page.locator('select[aria-label="Data set"]').selectOption(setId);
}

async function openReview(page: Page): Promise<void> {
  await chooseSet(page);
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
    ['Cleo', 'reviewer'],
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
  browser = await launchBrowser();
  ada = await signIn('ada@example.com');
  ben = await signIn('ben@example.com');
  cleo = await signIn('cleo@example.com');
});
afterAll(async () => {
  await browser?.close();
  if (server !== undefined) {
    await stopServer(server);
  }
  await Promise.all(folders.map(removeFolder));
  rmSync(data, { recursive: true, force: true });
});

it('the owner imports a set and deals its items to a colleague, who sees it only then', async () => {
  await importPictures('Plates', 0, 3);
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

/** A filled box as a mask. */
function box([left, top, width, height]: Bbox) {
  const mask = createMask(SIZE.width, SIZE.height);
  for (let y = top; y < top + height; y += 1) {
    mask.data.fill(1, y * SIZE.width + left, y * SIZE.width + left + width);
  }
  const { size, counts } = encodeRle(mask);
  return { size, counts: compressCounts(counts) };
}

/** Where a reviewer's mask is drawn, as a box in px of the picture, and its colour; null when it is not shown. */
const drawn = (page: Page, letter: string) =>
  page.evaluate((name) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`canvas[data-mask-layer=${name}]`);
    const { width = 0, height = 0 } = canvas ?? {};
    const pixels = canvas && width > 0 ? canvas.getContext('2d')?.getImageData(0, 0, width, height).data : undefined;
    const [scale = 1, left = 0, top = 0] = (document.querySelector('[data-view]')?.getAttribute('data-view') ?? '')
      .split(' ')
      .map(Number);
    const painted: number[] = [];
    for (let at = 0; pixels !== undefined && at < width * height; at += 1) {
      if ((pixels[at * 4 + 3] ?? 0) > 0) {
        painted.push(at);
      }
    }
    const [first] = painted;
    if (pixels === undefined || first === undefined) {
      return null;
    }
    const xs = painted.map((at) => (at % width) - left);
    const ys = painted.map((at) => Math.floor(at / width) - top);
    const [x0, y0] = [xs, ys].map((all) => all.reduce((a, b) => Math.min(a, b)) / scale) as [number, number];
    const [x1, y1] = [xs, ys].map((all) => (all.reduce((a, b) => Math.max(a, b)) + 1) / scale) as [number, number];
    return { box: [x0, y0, x1 - x0, y1 - y0].map(Math.round), colour: [...pixels.slice(first * 4, first * 4 + 3)] };
  }, letter);
const isDrawn = (page: Page, letter: string, wanted: boolean) =>
  page.waitForFunction(
    ([name, there]) => (document.querySelector(`canvas[data-mask-layer=${name}]`) !== null) === there,
    [letter, wanted] as const,
  );

it('who decides a double review sees both masks when both are in, side by side, and can go on from one', async () => {
  await importPictures('Castings', 10, 2);
  const { people } = await read<AssignmentsResponse>(ada, `/api/datasets/${setId}/assignments`);
  const idOf = (name: string) => people.find((person) => person.name === name)?.id;
  const wanted = {
    reviewerIds: [idOf('Ada'), idOf('Ben')],
    perItem: 2,
    adjudicatorId: idOf('Cleo'),
    items: [itemIds[0]],
  };
  expect(await send(ada, `/api/datasets/${setId}/assignments`, wanted)).toBe(200);
  const boxes: Record<string, Bbox> = { Ada: [20, 30, 40, 40], Ben: [40, 30, 40, 40] };
  const review = (page: Page, name: string) =>
    send(page, `/api/datasets/${setId}/items/${itemIds[0]}/reviews`, {
      revision: 0,
      verdict: 'accepted',
      defectType: 'crack',
      mask: box(boxes[name] ?? [0, 0, 1, 1]),
    });
  expect(await review(ada, 'Ada')).toBe(200);
  expect((await readItem(cleo, 0)).opinions).toBeNull();
  expect(await review(ben, 'Ben')).toBe(200);
  expect([(await readItem(ada, 0)).opinions, (await readItem(ben, 0)).opinions]).toEqual([null, null]);

  await chooseSet(cleo);
  await cleo.locator('select[aria-label="Filter"]').selectOption('mine');
  await cleo.waitForSelector(`[data-review-item="${itemIds[0]}"]`);
  const names = (await readItem(cleo, 0)).opinions?.by.map(({ reviewer }) => reviewer?.name ?? '') ?? [];
  expect([...names].sort()).toEqual(['Ada', 'Ben']);
  const legend = await cleo.innerText('[data-opinions]');
  // 40 x 40 px each, 20 x 40 of them shared: 800 of 2400.
  for (const said of [
    `A · ${names[0]}`,
    `B · ${names[1]}`,
    'Accepted · Anomalous, crack · marks 8.3 %',
    'IoU): 0.33',
  ]) {
    expect(legend.replace(/\s+/g, ' ')).toContain(said);
  }
  await cleo.waitForFunction(() => document.querySelectorAll('canvas[data-mask-layer]').length === 2);
  const [first, second] = [await drawn(cleo, 'A'), await drawn(cleo, 'B')];
  expect([first?.box, second?.box]).toEqual(names.map((name) => boxes[name]));
  expect(first?.colour).not.toEqual(second?.colour);

  await cleo.focus('[data-review-stage]');
  await cleo.keyboard.press('Shift+A');
  await isDrawn(cleo, 'A', false);
  expect(await cleo.locator('[data-opinion=A] [role=checkbox]').getAttribute('aria-checked')).toBe('false');
  await cleo.click('[data-opinion=B] [role=checkbox]');
  await isDrawn(cleo, 'B', false);
  await cleo.click('[data-opinion=A] [role=checkbox]');
  await isDrawn(cleo, 'A', true);
  await cleo.focus('[data-review-stage]');
  await cleo.keyboard.press('Shift+B');
  await isDrawn(cleo, 'B', true);

  await cleo.click('[data-opinion=B] >> text=Use');
  await cleo.focus('[data-review-stage]');
  await cleo.keyboard.press('a');
  await cleo.waitForFunction(() => document.querySelector('[data-history=accepted]') !== null);
  const decided = await readItem(ben, 0);
  expect(decided).toMatchObject({ disputed: false, opinions: null, annotation: { verdict: 'accepted' } });
  expect(decided.mask && compressCounts(decided.mask.counts)).toBe(box(boxes[names[1] ?? ''] ?? [0, 0, 1, 1]).counts);
  expect(errors).toEqual([]);
});
