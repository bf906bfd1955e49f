import type { Browser, Page } from 'playwright-core';
import { answered, launchBrowser, openWorkbench, SAMPLE } from './support/browser';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  ({ page } = await openWorkbench(browser, { chooses: SAMPLE }));
});
afterAll(() => browser.close());

/** Opens the palette with a key, types, and takes what it then has chosen. */
const take = async (key: string, words: string, expected: string) => {
  await page.keyboard.press(key);
  await page.waitForSelector('[cmdk-input]:focus');
  await page.keyboard.type(words);
  await page.waitForSelector(`[cmdk-item][data-selected=true] >> text=${expected}`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[cmdk-input]', { state: 'detached' });
};

it('attaches a photo, asks, opens the finding and closes it, without the mouse', async () => {
  await page.keyboard.press('Control+O');
  await page.waitForSelector('[data-attachment=ready]');
  await page.keyboard.press('Control+Alt+I');
  await page.keyboard.type('/ins');
  await page.waitForSelector('[role=option]');
  await page.keyboard.press('Tab');
  expect(await page.inputValue('[data-composer]')).toBe('/inspect ');
  await page.keyboard.press('Enter');
  await answered(page);
  await page.keyboard.press('F8');
  await page.waitForSelector('[data-image-editor]');
  await page.keyboard.press('Control+1');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'application');
  const before = await page.locator('output[aria-label=Zoom]').innerText();
  await page.keyboard.press('+');
  await page.waitForFunction((text) => document.querySelector('output[aria-label=Zoom]')?.textContent !== text, before);
  await take('Control+Shift+P', 'Close Editor', 'Close Editor');
  await page.waitForSelector('[data-image-editor]', { state: 'detached' });
});

it('finds commands by words and shows their keys', async () => {
  await take('F1', 'toggle side', 'View: Toggle Side Bar');
  await page.waitForSelector('[data-part=side]', { state: 'detached' });
  await page.keyboard.press('Control+B');
  await page.waitForSelector('[data-part=side]');
});

it('opens the shortcut sheet with a chord and searches it by keys', async () => {
  await page.keyboard.press('Control+K');
  await page.waitForSelector('text=Waiting for the second key');
  await page.keyboard.press('Control+S');
  await page.fill('[aria-label="Search shortcuts"]', 'ctrl+shift+m');
  expect(await page.locator('[data-part=editor] tbody tr').count()).toBe(1);
  expect(await page.locator('[data-part=editor] tbody tr').innerText()).toContain('Problems');
});

it('walks through the parts with F6 and goes to an image with quick open', async () => {
  const part = () => page.evaluate(() => document.activeElement?.closest('[data-part]')?.getAttribute('data-part'));
  const seen = new Set<string>();
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('F6');
    seen.add((await part()) ?? 'none');
  }
  expect([...seen].sort()).toEqual(expect.arrayContaining(['activity', 'chat', 'editor', 'side']));
  await take('Control+P', 'cracked', 'cracked-cookie');
  await page.waitForSelector('[data-image-editor]');
});
