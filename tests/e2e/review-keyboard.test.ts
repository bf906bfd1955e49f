import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { closeDatabase } from '@/lib/database/client';
import { launchBrowser, openWorkbench } from './support/browser';
import { readItem, seedFiles, shows, type SeededSet } from './support/review-set';

const fixture = (name: string) => join(process.cwd(), 'tests/fixtures/images', name);

let browser: Browser;
let page: Page;
let errors: string[];
let set: SeededSet;

beforeAll(async () => {
  set = await seedFiles(
    ['cookie-cracked-1', 'cookie-cracked-2', 'cookie-cracked-3', 'cookie-normal-1', 'cookie-normal-2'].map((name) =>
      fixture(`${name}.jpg`),
    ),
  );
  browser = await launchBrowser();
  ({ page, errors } = await openWorkbench(browser));
});
afterAll(async () => {
  await browser.close();
  await closeDatabase();
});

const press = (...keys: string[]) =>
  keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
const verdicts = () =>
  Promise.all(set.itemIds.map(async (_, index) => (await readItem(set, index)).annotation.verdict));

it('opens a data set without the mouse', async () => {
  await press('Control+Shift+L');
  await page.waitForSelector('select[aria-label="Data set"]');
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Data set');
  // The newest set is the first of the list.
  await press('ArrowDown');
  await page.waitForSelector('[data-review-item]');
  await page.waitForSelector('[data-review-stage]');
  await press('F6');
  await shows(page, set, 0);
});

it('decides with single keys and goes on by itself', async () => {
  await press('a');
  await shows(page, set, 1);
  await press('r');
  await shows(page, set, 2);
  await press('o');
  await shows(page, set, 3);
  await press('s');
  await shows(page, set, 4);
  expect(await verdicts()).toEqual(['accepted', 'rejected', 'second_opinion', 'skipped', null]);
  expect(await page.textContent('[data-review-progress]')).toContain('4 of 5 reviewed');
});

it('takes verdicts back, one by one, and shows what they were about', async () => {
  await press('u');
  await shows(page, set, 3);
  await press('u');
  await shows(page, set, 2);
  expect(await verdicts()).toEqual(['accepted', 'rejected', null, null, null]);
  expect((await readItem(set, 2)).reviews.map(({ verdict }) => verdict)).toEqual(['second_opinion', 'undone']);
});

it('relabels with a new type', async () => {
  await press('l');
  await page.waitForSelector('[role=dialog] input');
  await page.keyboard.type('bite');
  await press('Enter');
  await shows(page, set, 3);
  expect((await readItem(set, 2)).annotation).toMatchObject({
    verdict: 'relabelled',
    label: 'anomalous',
    defectType: 'bite',
  });
});

it('takes the model’s mask, edits it, writes text and a comment, and saves all with the verdict', async () => {
  // The model has looked at the picture when the key does something.
  await page.waitForFunction(() => document.querySelector('figure figcaption')?.textContent?.includes('score'));
  await press('k', 'k', 'k');
  await shows(page, set, 0);
  await page.waitForFunction(() => document.querySelector('figure figcaption')?.textContent?.includes('score'));
  const version = () => page.getAttribute('[data-mask-version]', 'data-mask-version');
  const before = await version();
  await press('q', '.', 'f');
  await page.waitForFunction(
    (old) => document.querySelector('[data-mask-version]')?.getAttribute('data-mask-version') !== old,
    before,
  );
  await press('t');
  await page.keyboard.type('There are nine regions. In words: a, r, u and s are letters here.');
  await page.waitForSelector('[data-text-check=differs]');
  await press('Escape', 'n');
  await page.keyboard.type('Sent by the keyboard');
  await press('Enter');
  await page.waitForSelector('section[aria-label=Comments] p');
  await press('Escape', 'a');
  await shows(page, set, 1);
  const item = await readItem(set, 0);
  expect(item.annotation.description).toContain('a, r, u and s');
  expect(item.annotation.verdict).toBe('accepted');
  expect(item.mask?.counts.length).toBeGreaterThan(2);
  expect(item.comments.map(({ text }) => text)).toEqual(['Sent by the keyboard']);
  expect(item.reviews.map(({ verdict, revision }) => [verdict, revision])).toEqual([
    ['accepted', 1],
    ['accepted', 2],
  ]);
});

it('has the model draft the text, which a verdict then saves', async () => {
  await press('g');
  await page.waitForFunction(() =>
    ['description', 'impact', 'suggestion'].every((field) => {
      const area = document.querySelector(`[data-review-field=${field}]`);
      return area instanceof HTMLTextAreaElement && area.value.length > 10;
    }),
  );
  const drafted = await page.inputValue('[data-review-field=impact]');
  await press('a');
  await shows(page, set, 2);
  expect((await readItem(set, 1)).annotation).toMatchObject({ verdict: 'accepted', impact: drafted });
});

it('lists its keys in an overlay and in the shortcut sheet', async () => {
  await press('?');
  await page.waitForSelector('[role=dialog]');
  expect(await page.textContent('[role=dialog]')).toContain('Needs a Second Opinion');
  await press('Escape');
  await shows(page, set, 2);
  await press('Control+k', 'Control+s');
  await page.waitForSelector('text=Review: Accept');
});

it('ran without an error on the page', () => {
  expect(errors).toEqual([]);
});
