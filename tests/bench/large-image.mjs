/**
 * Zooming and panning a 50-megapixel image in the editor: the frames that a person sees, as intervals of
 * requestAnimationFrame while the wheel zooms from the whole image to its pixels and the pointer drags. Needs a running
 * server:
 *   node tests/bench/large-image.mjs http://127.0.0.1:3000 [--json]
 */
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const origin = process.argv[2] ?? 'http://127.0.0.1:3000';
const PATIENCE_MS = 300_000;
const WIDTH = 8660;
const HEIGHT = 5773;
const STEPS = 60;

/** A picture with detail at every scale, so that no level of it compresses to nothing. */
async function makeImage() {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 };
  const small = await sharp({ create: { width: 1200, height: 800, channels: 3, noise } })
    .png()
    .toBuffer();
  return sharp(small, { limitInputPixels: false })
    .resize(WIDTH, HEIGHT, { kernel: 'cubic' })
    .jpeg({ quality: 80 })
    .toBuffer();
}

const bytes = await makeImage();
const response = await fetch(`${origin}/api/images?name=fifty-megapixels-${Date.now()}.jpg`, {
  method: 'POST',
  headers: { 'content-type': 'image/jpeg' },
  body: bytes,
});
if (!response.ok) {
  throw new Error(`The upload was answered with ${response.status}: ${await response.text()}`);
}
const { name } = await response.json();

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(PATIENCE_MS);
await page.goto(origin);
await page.waitForSelector('[data-composer]');
await page.keyboard.press('Control+Shift+E');
await page.fill('[aria-label="Search images by name"]', name);
const opened = performance.now();
await page.click(`[data-image-row][title="${name}"]`);
await page.waitForSelector('[role=application] canvas');
const openMs = Math.round(performance.now() - opened);
const box = await page.locator('[role=application]').boundingBox();
const at = { x: box.x + box.width * 0.4, y: box.y + box.height * 0.45 };
await page.mouse.move(at.x, at.y);
await page.waitForLoadState('networkidle');

/** Frame intervals in ms while `act` runs. */
async function frames(act) {
  await page.evaluate(() => {
    window.intervals = [];
    let last = performance.now();
    const tick = (now) => {
      window.intervals.push(now - last);
      last = now;
      window.frame = requestAnimationFrame(tick);
    };
    window.frame = requestAnimationFrame(tick);
  });
  await act();
  const intervals = await page.evaluate(() => {
    cancelAnimationFrame(window.frame);
    return window.intervals.slice(1);
  });
  intervals.sort((a, b) => a - b);
  const quantile = (q) => Math.round((intervals[Math.floor((intervals.length - 1) * q)] ?? 0) * 10) / 10;
  return { frames: intervals.length, medianMs: quantile(0.5), p95Ms: quantile(0.95), longestMs: quantile(1) };
}

const zoom = (deltaY) => async () => {
  for (let step = 0; step < STEPS; step += 1) {
    await page.mouse.wheel(0, deltaY);
    await page.waitForTimeout(16);
  }
};
const zoomIn = await frames(zoom(-45));
await page.waitForLoadState('networkidle');
const pan = await frames(async () => {
  await page.mouse.down();
  for (let step = 0; step < STEPS; step += 1) {
    await page.mouse.move(at.x - step * 6, at.y - step * 3);
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
});
const zoomOut = await frames(zoom(45));
await browser.close();

const report = { megapixels: Math.round((WIDTH * HEIGHT) / 1e6), bytes: bytes.length, openMs, zoomIn, pan, zoomOut };
console.log(
  process.argv.includes('--json')
    ? JSON.stringify(report, null, 2)
    : [`open ${openMs} ms`]
        .concat(
          Object.entries({ zoomIn, pan, zoomOut }).map(
            ([what, { frames: count, medianMs, p95Ms, longestMs }]) =>
              `${what}: ${count} frames, median ${medianMs} ms, 95 % within ${p95Ms} ms, longest ${longestMs} ms`,
          ),
        )
        .join('\n'),
);
