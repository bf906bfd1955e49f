/**
 * Weight of the workbench's first load: the scripts that the page's HTML names, and those that the workbench then asks for before
 * it can be used (read off a real load in Chromium). Needs a running server:
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
const started = performance.now();
await page.goto(origin);
await page.waitForSelector('[data-composer]');
const readyMs = performance.now() - started;
await page.waitForTimeout(1500);
await browser.close();

const sum = (paths) => paths.reduce((total, path) => total + gzipped(scripts.get(path) ?? Buffer.alloc(0)), 0);
const report = {
  firstLoadBytes: sum(named),
  budgetBytes: BUDGET,
  usableBytes: sum([...scripts.keys()]),
  scripts: scripts.size,
  readyMs: Math.round(readyMs),
  largest: [...scripts]
    .map(([path, body]) => ({ path, gzip: gzipped(body), first: named.includes(path) }))
    .sort((a, b) => b.gzip - a.gzip)
    .slice(0, 12),
};

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(report, null, 2));
} else {
  const kb = (bytes) => `${(bytes / 1024).toFixed(0)} kB`;
  console.log(`First load (named by the HTML): ${kb(report.firstLoadBytes)} gzip, budget ${kb(BUDGET)}`);
  console.log(
    `Until the composer can be used, and idle after: ${kb(report.usableBytes)} gzip in ${report.scripts} files, ${report.readyMs} ms`,
  );
  report.largest.forEach(({ path, gzip, first }) =>
    console.log(`  ${kb(gzip).padStart(7)} ${first ? '*' : ' '} ${path}`),
  );
}
process.exitCode = report.firstLoadBytes > BUDGET ? 1 : 0;
