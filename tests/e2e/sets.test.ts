import type { Browser, Page } from 'playwright-core';
import { makeFlange } from '../support/flange';
import { answered, ask, dropFiles, lastAnswer, launchBrowser, openWorkbench } from './support/browser';

const NAMES = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => `flange-${seed}.png`);

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launchBrowser();
  ({ page, errors } = await openWorkbench(browser));
});
afterAll(() => browser.close());

async function flanges(): Promise<{ name: string; bytes: Buffer }[]> {
  const files = [];
  for (const [index, name] of NAMES.entries()) {
    files.push({ name, bytes: await makeFlange(index + 1) });
  }
  return [
    ...files.slice(0, 3),
    { name: 'scratched.png', bytes: await makeFlange(9, { defect: true }) },
    ...files.slice(3),
  ];
}

const tiles = () => lastAnswer(page).locator('[data-contact-sheet] [data-tile]');
const openImage = () => page.locator('[role=tab][aria-selected=true]').first().innerText();

it('counts the images of a set, answers with a contact sheet, the odd one first, and speaks of that one', async () => {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seenProgress: seen });
    new MutationObserver(() => {
      const text = document.querySelector('[data-part=chat] [data-progress] p')?.textContent;
      if (text && seen.at(-1) !== text) {
        seen.push(text);
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  await dropFiles(page, await flanges());
  await page.waitForFunction(() => document.querySelectorAll('[data-attachment=ready]').length === 9);
  await ask(page, 'Which of these stand out?');
  await answered(page);
  expect(await tiles().count()).toBe(9);
  expect(await tiles().first().innerText()).toContain('scratched.png');
  expect(await tiles().first().getAttribute('data-verdict')).toBe('anomalous');
  expect(await tiles().first().locator('svg path').count()).toBe(1);
  expect(await lastAnswer(page).locator('[data-contact-sheet] > p').innerText()).toBe(
    '1 of 9 images stands out. They were judged among each other, without references.',
  );
  // One card: the image that the words are about.
  expect(await lastAnswer(page).locator('[data-image-card]').count()).toBe(1);
  const seen = await page.evaluate(() => (window as unknown as { seenProgress: string[] }).seenProgress);
  expect(seen.join('\n')).toMatch(/Looking at the images: \d of 9/);
  expect(seen.join('\n')).toMatch(/Comparing them with each other: \d of 9/);
});

it('opens an image of the sheet by mouse, as the set judged it', async () => {
  await tiles().first().locator('button').click();
  expect(await openImage()).toContain('scratched.png');
  await page.waitForSelector('aside[aria-label="Image details"] [data-verdict][title*="its set (9 images)"]');
});

it('goes from image to image by keyboard and opens one', async () => {
  await tiles().first().locator('button').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const label = (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) ?? '';
  expect(label).toMatch(/^flange-\d\.png: normal/);
  await page.keyboard.press('Enter');
  expect(await openImage()).toContain(label.split(':')[0]);
});

it('is there after a reload, and a question about another of its images goes on from it', async () => {
  await page.reload();
  await page.waitForSelector('[data-contact-sheet]');
  expect(await tiles().count()).toBe(9);
  await ask(page, 'Is #flange-2.png all right?');
  await answered(page, 2);
  expect(await lastAnswer(page).locator('[data-contact-sheet]').count()).toBe(0);
  const card = lastAnswer(page).locator('[data-image-card]');
  expect(await card.innerText()).toContain('flange-2.png');
  expect(await card.locator('[data-verdict]').first().getAttribute('title')).toContain('from its set (9 images)');
});

it('can be stopped while it looks, and asked again', async () => {
  await page.keyboard.press('Control+Alt+N');
  await page.waitForSelector('[data-sample=cookie]');
  await dropFiles(page, (await flanges()).slice(0, 8));
  await page.waitForFunction(() => document.querySelectorAll('[data-attachment=ready]').length === 8);
  await ask(page, 'And of these?');
  await page.waitForSelector('[data-progress=images]');
  await page.focus('[data-composer]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('text=You stopped this answer.');
  await lastAnswer(page).locator('role=button[name="Regenerate answer"]').click();
  await answered(page);
  expect(await tiles().count()).toBe(8);
});

it('raises no error in the page', () => {
  expect(errors).toEqual([]);
});
