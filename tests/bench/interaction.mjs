/**
 * What a person waits for in the page: from dropping a photo to the first word, the mask and the end of the answer, and
 * the interaction latency (the longest of the event timings that Chromium reports, as INP counts them) while using the
 * workbench. Needs a running server with a model:
 *   node tests/bench/interaction.mjs http://127.0.0.1:3000 [--json]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const origin = process.argv[2] ?? 'http://127.0.0.1:3000';
const PATIENCE_MS = 300_000;
const photo = readFileSync(new URL('../../public/samples/cracked-cookie.jpg', import.meta.url)).toString('base64');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(PATIENCE_MS);
await page.addInitScript(() => {
  window.interactions = new Map();
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries()) {
      if (interactionId > 0) {
        window.interactions.set(interactionId, Math.max(duration, window.interactions.get(interactionId) ?? 0));
      }
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
});
await page.goto(origin);
await page.waitForSelector('[data-composer]');

const since = (start) => Math.round(performance.now() - start);
const dropped = performance.now();
await page.evaluate((base64) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], 'part.jpg'));
  document
    .querySelector('[data-part=chat]')
    ?.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: data }));
}, photo);
await page.waitForSelector('[data-attachment=ready]');
const uploadedMs = since(dropped);
await page.click('[data-composer]');
await page.keyboard.type('/inspect ');
await page.keyboard.press('Enter');
const asked = performance.now();
const isDrawn = (selector) => {
  const canvas = document.querySelector(selector);
  const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  return pixels.some((value) => value > 0);
};
await page.waitForFunction(isDrawn, '[data-mask-canvas]');
const mapMs = since(asked);
await page.waitForFunction(
  () => (document.querySelector('[data-role=assistant] .answer')?.textContent ?? '').trim() !== '',
);
const firstWordMs = since(asked);
await page.waitForFunction(isDrawn, '[data-image-card] [data-mask-canvas]');
const maskMs = since(asked);
await page.waitForFunction(
  () => document.querySelector('[data-conversation]')?.getAttribute('data-status') === 'ready',
);
const answerMs = since(asked);

// A walk through the workbench: views, palette, image editor, layers.
for (const keys of [
  'Control+Shift+E',
  'Control+Shift+F',
  'Control+Shift+C',
  'Control+J',
  'Control+J',
  'F1',
  'Escape',
  'Control+P',
  'Escape',
]) {
  await page.keyboard.press(keys);
  await page.waitForTimeout(150);
}
await page.keyboard.press('F8');
await page.waitForSelector('[role=application]');
await page.focus('[role=application]');
for (const keys of ['+', '+', '-', 'h', 'm', 'm', 'r', '0', '1']) {
  await page.keyboard.press(keys);
  await page.waitForTimeout(150);
}
await page.waitForTimeout(500);
const interactions = (await page.evaluate(() => [...window.interactions.values()])).sort((a, b) => b - a);
await browser.close();

// INP leaves out one outlier in fifty interactions.
const inpMs = interactions[Math.floor(interactions.length / 50)] ?? 0;
const firstLoad = spawnSync(
  process.execPath,
  [new URL('./first-load.mjs', import.meta.url).pathname, origin, '--json'],
  {
    encoding: 'utf8',
  },
);
const { usableBytes, budgetBytes, usableMs } = JSON.parse(firstLoad.stdout);
// A person's typing is nobody's latency: the upload, and what follows Enter, are.
const report = {
  uploadedMs,
  firstWordMs,
  mapMs,
  maskMs,
  answerMs,
  dropToFirstWordMs: uploadedMs + firstWordMs,
  dropToMaskMs: uploadedMs + maskMs,
  inpMs,
  interactions: interactions.length,
  firstLoad: { usableBytes, budgetBytes, usableMs },
};
console.log(
  process.argv.includes('--json')
    ? JSON.stringify(report, null, 2)
    : `drop to uploaded ${uploadedMs} ms; Enter to first map ${mapMs} ms, to first word ${firstWordMs} ms, to mask ${maskMs} ms, to the end ${answerMs} ms; INP ${inpMs} ms over ${interactions.length} interactions; first load ${Math.round(usableBytes / 1024)} of ${budgetBytes / 1024} kB gzip, usable after ${usableMs} ms`,
);
