/**
 * Items per minute by keyboard: a scripted reviewer who decides as soon as the next picture and its mask are on the
 * screen, and the frames of scrolling the queue. Needs a running server, and a data set in it with at least as many
 * unreviewed items as are asked for:
 *   node tests/bench/review-speed.mjs http://127.0.0.1:3000 DATASET_ID [--items 100]
 * Verdicts are stored for real: use a copy of a set. `maskEdits`: every fifth item gets a brush stroke before its
 * verdict.
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { items: { type: 'string', default: '100' } },
});
const [origin, datasetId] = positionals;
if (!origin || !datasetId) {
  console.error('usage: node tests/bench/review-speed.mjs ORIGIN DATASET_ID [--items N]');
  process.exit(2);
}
const wanted = Number(values.items);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(120_000);
await page.goto(origin);
await page.click('nav[aria-label=Views] >> button[aria-label=Review]');
await page.locator('select[aria-label="Data set"]').selectOption(datasetId);

/** The item on the screen, once its picture has the keyboard and its mask is drawn. */
const shown = async (previous) => {
  await page.waitForFunction((last) => {
    const item = document.querySelector('[data-review-item]')?.getAttribute('data-review-item');
    return (
      item &&
      item !== last &&
      document.activeElement?.matches('[data-review-stage]') &&
      document.querySelector('[data-mask-version]')
    );
  }, previous);
  return page.getAttribute('[data-review-item]', 'data-review-item');
};

await page.waitForSelector('[data-review-item]');
await page.focus('[data-review-stage]');
let item = await shown(null);
const available = await page.locator('[data-review-position]').innerText();
const count = Math.min(wanted, Number(available.split('/')[1]) - 1);
const keys = ['a', 'a', 'r', 'a', 'o'];
const perItem = [];
let maskEdits = 0;
const started = performance.now();
for (let index = 0; index < count; index += 1) {
  const begun = performance.now();
  if (index % 5 === 4) {
    await page.keyboard.press('b');
    const box = await page.locator('[data-review-stage]').boundingBox();
    await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.5);
    await page.mouse.up();
    await page.keyboard.press('v');
    maskEdits += 1;
  }
  await page.keyboard.press(keys[index % keys.length]);
  item = await shown(item);
  perItem.push(performance.now() - begun);
}
const minutes = (performance.now() - started) / 60_000;

// Scrolling the queue: the time between frames while the wheel turns.
const list = page.locator('[role=listbox][aria-label=Queue]');
const frames = await list.evaluate(
  (element) =>
    new Promise((resolve) => {
      const times = [];
      let last = performance.now();
      const step = (now) => {
        times.push(now - last);
        last = now;
        element.scrollTop += 60;
        if (times.length < 240) {
          requestAnimationFrame(step);
        } else {
          resolve(times.slice(1));
        }
      };
      requestAnimationFrame(step);
    }),
);
await browser.close();

const at = (list_, share) =>
  [...list_].sort((a, b) => a - b)[Math.min(list_.length - 1, Math.floor(share * list_.length))];
console.log(
  JSON.stringify(
    {
      items: count,
      maskEdits,
      itemsPerMinute: Math.round(count / minutes),
      medianMsPerItem: Math.round(at(perItem, 0.5)),
      p95MsPerItem: Math.round(at(perItem, 0.95)),
      scrollMedianFrameMs: Number(at(frames, 0.5).toFixed(1)),
      scrollP95FrameMs: Number(at(frames, 0.95).toFixed(1)),
    },
    null,
    2,
  ),
);
