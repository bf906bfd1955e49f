import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { badNames, unusualNames, writeAwkwardImages } from '../support/awkward-images';
import { makePng } from '../support/images';
import { dropFiles, launchBrowser, openWorkbench, SAMPLE } from './support/browser';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), 'looktwice-bad-'));
  await writeAwkwardImages(folder);
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, bytes: Buffer | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A PNG whose header promises 40,000 x 40,000 pixels and whose data is a few bytes. */
async function pixelBomb(): Promise<Buffer> {
  const png = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  png.writeUInt32BE(40_000, 16);
  png.writeUInt32BE(40_000, 20);
  return png;
}

it('refuses every bad file with a sentence, and leaves no spinner', async () => {
  const bad = [
    ...badNames.map((name) => join(folder, name)),
    put('page.html', '<script>alert(1)</script>'),
    put('bomb.png', await pixelBomb()),
    put('random.tif', Buffer.from(Array.from({ length: 500 }, (_, index) => (index * 97) % 251))),
  ];
  const { page, context, errors } = await openWorkbench(browser);
  await dropFiles(page, bad);
  await page.waitForFunction(
    (count) => document.querySelectorAll('[data-attachment=failed]').length === count,
    bad.length,
  );
  expect(await page.locator('[data-attachment=uploading]').count()).toBe(0);
  const messages = await page.locator('[data-attachment=failed] [role=alert]').allInnerTexts();
  for (const message of messages) {
    expect(message).toMatch(/\S+ \S+ \S+/);
    expect(message).not.toMatch(/undefined|\[object|Error:|\n\s+at /);
  }
  expect(await page.isDisabled('[aria-label=Send]')).toBe(true);
  expect(errors).toEqual([]);
  await context.close();
});

it('takes every unusual image', async () => {
  const { page, context } = await openWorkbench(browser);
  await dropFiles(
    page,
    unusualNames.map((name) => join(folder, name)),
  );
  await page.waitForFunction(
    (count) => document.querySelectorAll('[data-attachment=ready]').length === count,
    unusualNames.length,
  );
  await context.close();
});

it('takes what a message holds of 210 files and says what became of the others', async () => {
  const { page, context } = await openWorkbench(browser);
  await dropFiles(
    page,
    Array.from({ length: 210 }, () => SAMPLE),
  );
  await page.waitForSelector('text=A message holds 200 images: 200 of 210 files were attached');
  await page.waitForFunction(() => document.querySelectorAll('[data-attachment=ready]').length === 200);
  expect(await page.locator('[data-attachment]').count()).toBe(200);
  await context.close();
});

it('adds 200 files to the Explorer, lists them page by page, and finds one by its name', async () => {
  const { page, context, errors } = await openWorkbench(browser);
  await page.keyboard.press('Control+Shift+E');
  await page.waitForSelector('[aria-label="Search images by name"]');
  const files = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => ({
      name: index === 100 ? 'the hundredth washer.png' : `part ${index}.png`,
      bytes: index === 50 ? Buffer.from('no image') : await makePng(1000 + index, 48, 40 + (index % 9)),
    })),
  );
  await dropFiles(page, files, '[data-part=side]');
  // The last one that came is opened when all are through; the bad one is named.
  await page.waitForSelector('[data-image-editor]');
  await page.waitForSelector('text=part 50.png');
  await page.waitForFunction(() => document.querySelectorAll('[data-image-row]').length >= 60);
  const rows = await page.locator('[data-image-row]').count();
  await page.click('text=More images');
  await page.waitForFunction((before) => document.querySelectorAll('[data-image-row]').length > before, rows);
  await page.fill('[aria-label="Search images by name"]', 'washer hundredth');
  await page.waitForFunction(() => document.querySelectorAll('[data-image-row]').length === 1);
  await page.click('[data-image-row]');
  await page.waitForSelector('role=tab[name="the hundredth washer.png"]');
  expect(errors).toEqual([]);
  await context.close();
});

it('says what is wrong with an archive that is none', async () => {
  const { page, context, errors } = await openWorkbench(browser);
  await page.keyboard.press('Control+Shift+D');
  await page.click('[aria-label="Import a data set"]');
  const archive = { name: 'no-archive.zip', mimeType: 'application/zip', buffer: Buffer.from('This is a text.') };
  await page.setInputFiles('[role=dialog] input[type=file]', archive);
  await page.click('[role=dialog] >> role=button[name="Import"]');
  await page
    .locator('[role=alert]')
    .filter({ hasText: /archive|zip/i })
    .first()
    .waitFor();
  expect(await page.locator('text=/Sending the archive|Starting…/').count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

it('explains an address that names no conversation', async () => {
  const { page, context } = await openWorkbench(browser, { path: `/?c=${'x'.repeat(22)}` });
  await page.waitForSelector('text=That conversation does not exist');
  await context.close();
});
