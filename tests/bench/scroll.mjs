/**
 * Scrolling the list of a large data set: frames per second and the longest frame while the list is scrolled from top
 * to bottom at 6000 px/s, as Chromium's own frame times say. Needs a running server that has a data set with many items
 * (tests/bench/import.mjs --keep makes one):
 *   node tests/bench/scroll.mjs http://127.0.0.1:3000 NAME [--seconds 10]
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '10' } },
});
const [origin = 'http://127.0.0.1:3000', name = 'generated'] = positionals;
const seconds = Number(values.seconds);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.goto(origin);
  await page.getByRole('button', { name: 'Data sets', exact: true }).click();
  await page
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first()
    .click();
  await page.waitForSelector('[data-item-list] [role=row] img');
  const measured = await page.evaluate(async (ms) => {
    const list = document.querySelector('[data-item-list]');
    const frames = [];
    const start = performance.now();
    let last = start;
    await new Promise((resolve) => {
      const step = (now) => {
        frames.push(now - last);
        last = now;
        list.scrollTop = Math.min(list.scrollHeight, ((now - start) / 1000) * 6000);
        if (now - start < ms) requestAnimationFrame(step);
        else resolve();
      };
      requestAnimationFrame(step);
    });
    return { frames: frames.slice(1), rows: list.querySelectorAll('[role=row]').length, height: list.scrollHeight };
  }, seconds * 1000);
  const sorted = [...measured.frames].sort((a, b) => a - b);
  const at = (share) => Math.round(10 * sorted[Math.floor(share * (sorted.length - 1))]) / 10;
  const total = sorted.reduce((sum, frame) => sum + frame, 0);
  console.log(
    JSON.stringify({
      items: Math.round(measured.height / 44),
      rowsInPage: measured.rows,
      framesPerSecond: Math.round((10_000 * sorted.length) / total) / 10,
      medianFrameMs: at(0.5),
      p95FrameMs: at(0.95),
      longestFrameMs: at(1),
      framesOver20Ms: sorted.filter((frame) => frame > 20).length,
    }),
  );
} finally {
  await browser.close();
}
