import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { answered, ask, dropFiles, lastAnswer, launchBrowser, openWorkbench } from './support/browser';

const MARKED = join(process.cwd(), 'public/samples/marked-cube.jpg');
const CLEAN = join(process.cwd(), 'public/samples/clean-cube.jpg');

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launchBrowser();
  ({ page, errors } = await openWorkbench(browser));
});
afterAll(() => browser.close());

it('inspects an image of the Explorer without a question, counting its tiles', async () => {
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seenProgress: seen });
    new MutationObserver(() => {
      const text = document.querySelector('[data-image-editor] [data-progress] p')?.textContent;
      if (text) {
        seen.push(text);
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  await dropFiles(page, [MARKED], '[data-part=side]');
  await page.waitForSelector('[data-image-editor]');
  await page.click('aside[aria-label="Image details"] >> role=button[name="Inspect"]');
  await page.waitForSelector('aside[aria-label="Image details"] >> role=button[name="Inspect again"]');
  const seen = await page.evaluate(() => (window as unknown as { seenProgress: string[] }).seenProgress);
  expect(seen.join('\n')).toMatch(/tile \d+ of \d+/);
  await page.keyboard.press('Control+Shift+M');
  await page.waitForSelector('[data-problem]');
});

it('compares an image with a normal reference that was attached to the same message', async () => {
  await dropFiles(page, [MARKED, CLEAN]);
  await page.waitForFunction(() => document.querySelectorAll('[data-attachment=ready]').length === 2);
  await page.click('[aria-label^="clean-cube.jpg: to inspect"]');
  await ask(page, '/compare');
  await answered(page);
  await page.waitForSelector('section[aria-label=Sources] >> text=clean-cube.jpg');
  expect(await page.locator('[data-role=user] img').count()).toBe(2);
  expect((await lastAnswer(page).innerText()).length).toBeGreaterThan(20);
  // The editor of the same image compares the two with a divider.
  await page.focus('[role=application]');
  await page.keyboard.press('c');
  const divider = page.locator('[role=slider][aria-label^="Divider"]');
  await divider.focus();
  const before = await divider.getAttribute('aria-valuenow');
  await page.keyboard.press('ArrowLeft');
  expect(await divider.getAttribute('aria-valuenow')).not.toBe(before);
  await page.waitForSelector('text=Reference: clean-cube.jpg');
});

it('attaches a stored image by its #name in another conversation, and asks about two images at once', async () => {
  await page.keyboard.press('Control+Alt+N');
  await page.waitForSelector('[data-sample=cookie]');
  for (const name of ['marked', 'clean']) {
    await page.focus('[data-composer]');
    await page.keyboard.type(`#${name}`);
    await page.waitForSelector(`[role=option] >> text=#${name}-cube.jpg`);
    await page.keyboard.press('Tab');
  }
  await page.waitForFunction(() => document.querySelectorAll('[data-attachment=ready]').length === 2);
  await page.keyboard.type('is there an anomaly?');
  await page.keyboard.press('Enter');
  await answered(page);
  expect(await page.locator('[data-role=user] img').count()).toBe(2);
  expect(await page.locator('[data-role=assistant] [data-image-card]').count()).toBeGreaterThan(0);
});

it('keeps the ticks of a checklist through a reload, and exports them', async () => {
  const actions = page.locator('[data-followup=actions]');
  if ((await actions.count()) > 0) {
    await actions.click();
  } else {
    await ask(page, '/actions');
  }
  await answered(page, 2);
  const first = lastAnswer(page).locator('[role=checkbox]').first();
  await first.click();
  await page.waitForSelector('[data-role=assistant] [role=checkbox][aria-checked=true]');
  const saved = page.waitForResponse((response) => response.url().endsWith('/api/checklist') && response.ok());
  await lastAnswer(page).locator('[role=checkbox]').nth(1).click();
  await saved;
  await page.reload();
  await page.waitForFunction(
    () => document.querySelectorAll('[data-role=assistant] [role=checkbox][aria-checked=true]').length === 2,
  );
});

it('ran without an error on the page', () => {
  expect(errors).toEqual([]);
});
