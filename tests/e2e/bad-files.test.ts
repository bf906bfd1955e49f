import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { dropFiles, launchBrowser, openWorkbench, SAMPLE } from './support/browser';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), 'looktwice-bad-'));
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
  const jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();
  const bad = [
    put('empty.png', ''),
    put('text.jpg', 'this is not an image'),
    put('page.html', '<script>alert(1)</script>'),
    put('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'),
    put('cut.jpg', jpeg.subarray(0, 120)),
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

it('takes what a message holds of 200 files and says what became of the others', async () => {
  const { page, context } = await openWorkbench(browser);
  await dropFiles(
    page,
    Array.from({ length: 200 }, () => SAMPLE),
  );
  await page.waitForSelector('text=A message holds 16 images: 16 of 200 files were attached');
  await page.waitForFunction(() => document.querySelectorAll('[data-attachment=ready]').length === 16);
  expect(await page.locator('[data-attachment]').count()).toBe(16);
  await context.close();
});

it('explains an address that names no conversation', async () => {
  const { page, context } = await openWorkbench(browser, { path: `/?c=${'x'.repeat(22)}` });
  await page.waitForSelector('text=That conversation does not exist');
  await context.close();
});
