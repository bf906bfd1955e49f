import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { answered, askAboutSample, conversationId, launchBrowser, openWorkbench, QUESTION } from './support/browser';

let browser: Browser;
let page: Page;
let id: string;

beforeAll(async () => {
  browser = await launchBrowser();
  ({ page } = await openWorkbench(browser));
  await askAboutSample(page);
  await answered(page);
  id = conversationId(page);
});
afterAll(() => browser.close());

const row = () => page.locator(`[data-conversation-row="${id}"]`);

async function exported(item: string): Promise<Buffer> {
  await page.click('[aria-label="Export and more"]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`role=menuitem[name="${item}"]`)]);
  return readFileSync(await download.path());
}

it('exports as Markdown, JSON and PDF', async () => {
  expect((await exported('Export as Markdown')).toString()).toContain(QUESTION);
  const json: unknown = JSON.parse((await exported('Export as JSON')).toString());
  expect(JSON.stringify(json)).toContain(QUESTION);
  expect((await exported('Export as PDF')).subarray(0, 5).toString()).toBe('%PDF-');
});

it('downloads the mask as PNG and as COCO RLE', async () => {
  const take = async (item: string) => {
    await page.click('[aria-label="More about this image"]');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`role=menuitem[name="${item}"]`)]);
    return readFileSync(await download.path());
  };
  expect((await take('Download mask as PNG')).subarray(1, 4).toString()).toBe('PNG');
  expect((await take('Download mask as COCO RLE')).toString()).toContain('counts');
});

it('renames and pins', async () => {
  await row().focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Cookie line 3');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`[data-conversation-row="${id}"] >> text=Cookie line 3`);
  await row().click({ button: 'right' });
  await page.click('role=menuitem[name="Pin"]');
  await page.waitForSelector('section[aria-label=Pinned]');
});

it('finds words in its text', async () => {
  await page.keyboard.press('Control+Shift+F');
  await page.fill('[aria-label="Search in conversations"]', 'anomaly');
  await page.waitForSelector(`[data-conversation-row="${id}"]`);
  await page.fill('[aria-label="Search in conversations"]', 'zebra crossing');
  await page.waitForSelector(`[data-conversation-row="${id}"]`, { state: 'detached' });
  await page.keyboard.press('Control+Shift+C');
});

it('deletes with undo', async () => {
  await row().focus();
  await page.keyboard.press('Delete');
  await row().waitFor({ state: 'detached' });
  await page.click('text=Undo');
  await row().waitFor();
  await page.waitForSelector('[data-role=assistant]');
});
