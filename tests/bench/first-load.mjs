/**
 * Weight of the workbench's first load: every script that was asked for before the composer could be used, whether the
 * HTML names it or another script fetches it (read off a real load in Chromium). Needs a running server:
 *   node tests/bench/first-load.mjs http://127.0.0.1:3000 [--json]
 * Exits with 1 when the first load is over its budget.
 */
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const BUDGET = 250 * 1024;
const origin = process.argv[2] ?? 'http://127.0.0.1:3000';
const gzipped = (buffer) => gzipSync(buffer, { level: 9 }).length;

const html = await (await fetch(origin)).text();
const named = [
  ...new Set([...html.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+\.js)[^"]*"/g)].map((match) => match[1])),
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
const page = await browser.newPage();
const scripts = new Map();
page.on('response', async (response) => {
  const { pathname } = new URL(response.url());
  if (pathname.endsWith('.js') && response.ok()) {
    scripts.set(pathname, await response.body());
  }
});
await page.addInitScript(() => {
  // Usable: the composer is on the page and can be written into. Scripts that were asked for before are what that took.
  new MutationObserver((_, observer) => {
    if (document.querySelector('[data-composer]:enabled')) {
      window.usableAt = performance.now();
      observer.disconnect();
    }
  }).observe(document, { childList: true, subtree: true });
});
await page.goto(origin);
await page.waitForFunction(() => window.usableAt !== undefined);
await page.waitForTimeout(6000);
const { usableAt, requested } = await page.evaluate(() => ({
  usableAt: window.usableAt,
  requested: performance
    .getEntriesByType('resource')
    .filter(({ name }) => name.includes('.js'))
    .map(({ name, startTime }) => [new URL(name).pathname, startTime]),
}));
await browser.close();

const sum = (paths) => paths.reduce((total, path) => total + gzipped(scripts.get(path) ?? Buffer.alloc(0)), 0);
const before = [...new Set(requested.filter(([, at]) => at <= usableAt).map(([path]) => path))];
const report = {
  htmlBytes: sum(named),
  usableBytes: sum([...new Set([...named, ...before])]),
  idleBytes: sum([...scripts.keys()]),
  budgetBytes: BUDGET,
  scripts: before.length,
  usableMs: Math.round(usableAt),
  largest: [...scripts]
    .map(([path, body]) => ({ path, gzip: gzipped(body), when: before.includes(path) ? 'first' : 'idle' }))
    .sort((a, b) => b.gzip - a.gzip)
    .slice(0, 16),
};

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(report, null, 2));
} else {
  const kb = (bytes) => `${(bytes / 1024).toFixed(0)} kB`;
  console.log(
    `First load, every script until the composer can be used: ${kb(report.usableBytes)} gzip, budget ${kb(BUDGET)}`,
  );
  console.log(
    `Of it named by the HTML: ${kb(report.htmlBytes)}; with what is loaded ahead while the page is idle: ${kb(report.idleBytes)}; usable after ${report.usableMs} ms`,
  );
  report.largest.forEach(({ path, gzip, when }) => console.log(`  ${kb(gzip).padStart(7)} ${when} ${path}`));
}
process.exitCode = report.usableBytes > BUDGET ? 1 : 0;
