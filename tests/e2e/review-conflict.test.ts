import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { closeDatabase } from '@/lib/database/client';
import { launchBrowser } from './support/browser';
import { openReview, readItem, seedFiles, shows, type SeededSet } from './support/review-set';

const fixture = (name: string) => join(process.cwd(), 'tests/fixtures/images', name);

let browser: Browser;
let first: Page;
let second: Page;
let errors: string[];
let set: SeededSet;

beforeAll(async () => {
  set = await seedFiles([fixture('cube-abnormal-1.jpg'), fixture('cube-abnormal-2.jpg')]);
  browser = await launchBrowser();
  const one = await openReview(browser, set);
  const two = await openReview(browser, set);
  [first, second, errors] = [one.page, two.page, [...one.errors, ...two.errors]];
});
afterAll(async () => {
  await browser.close();
  await closeDatabase();
});

it('two reviewers on one item: the later one is shown both versions, and nothing is lost', async () => {
  await shows(first, set, 0);
  await shows(second, set, 0);
  await second.fill('[data-review-field=description]', 'Scratched by the second reviewer.');
  await second.focus('[data-review-stage]');
  await first.keyboard.press('a');
  await shows(first, set, 1);

  await second.keyboard.press('r');
  await second.waitForSelector('[data-conflict]');
  const notice = await second.innerText('[data-conflict]');
  expect(notice).toContain('Yours was not stored');
  expect(notice).toContain('Accepted');
  expect(notice).toContain('Rejected');
  expect(notice).toContain('Scratched by the second reviewer.');
  // Refused whole: the server has the first reviewer's decision only.
  expect((await readItem(set, 0)).reviews.map(({ verdict }) => verdict)).toEqual(['accepted']);

  await second.click('[data-conflict] >> text=Keep my edits');
  await second.waitForSelector('[data-conflict]', { state: 'detached' });
  expect(await second.inputValue('[data-review-field=description]')).toBe('Scratched by the second reviewer.');
  await second.focus('[data-review-stage]');
  await second.keyboard.press('r');
  await shows(second, set, 1);
  const item = await readItem(set, 0);
  expect(item.reviews.map(({ verdict, revision }) => [verdict, revision])).toEqual([
    ['accepted', 1],
    ['rejected', 2],
  ]);
  expect(item.annotation.description).toBe('Scratched by the second reviewer.');
});

it('taking what is stored drops the own edits and shows the other’s decision', async () => {
  await first.fill('[data-review-field=description]', 'Mine');
  await second.keyboard.press('o');
  await second.waitForFunction(() => document.querySelectorAll('[data-history]').length === 1);
  await first.focus('[data-review-stage]');
  await first.keyboard.press('a');
  await first.waitForSelector('[data-conflict]');
  await first.click('[data-conflict] >> text=Take what is stored');
  await first.waitForSelector('[data-conflict]', { state: 'detached' });
  expect(await first.inputValue('[data-review-field=description]')).toBe('');
  expect((await readItem(set, 1)).annotation).toMatchObject({ verdict: 'second_opinion', description: null });
  expect(errors).toEqual([]);
});
