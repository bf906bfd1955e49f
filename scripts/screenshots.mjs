/**
 * Takes docs/screenshots/*.png: every view of the workbench in light and dark, wide and narrow, with a real image and a real answer.
 * Needs a running server: node scripts/screenshots.mjs [http://127.0.0.1:3000]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { ensureChromium, root, runMain } from './bootstrap.mjs';

const origin = process.argv[2] ?? 'http://127.0.0.1:3000';
const folder = join(root, 'docs/screenshots');
const PATIENCE_MS = 300_000;

/** Saves what the page shows; 256 colours are plenty for an interface, and a quarter of the bytes. */
async function save(page, name) {
  const png = await page.screenshot();
  await sharp(png)
    .png({ palette: true, quality: 92, effort: 8 })
    .toFile(join(folder, `${name}.png`));
  console.log(name);
}

async function idle(page, answers) {
  await page.waitForFunction(
    (wanted) =>
      document.querySelectorAll('[data-role=assistant]').length >= wanted &&
      document.querySelector('[data-conversation]')?.getAttribute('data-status') === 'ready' &&
      !document.querySelector('[data-state=running]'),
    answers,
  );
  await page.waitForTimeout(800);
}

async function sample(page, id, attachments) {
  await page.click(`[data-sample=${id}]`);
  await page.waitForFunction(
    (count) => document.querySelectorAll('[data-attachment=ready]').length === count,
    attachments,
  );
  await page.click('[aria-label=Send]');
}

async function openPage(browser, theme, width, height) {
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: 'reduce',
    deviceScaleFactor: width < 500 ? 2 : 1,
  });
  await context.addInitScript((value) => localStorage.setItem('theme', value), theme);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(origin);
  await page.waitForSelector('[data-composer]');
  await page.waitForTimeout(1000);
  return page;
}

async function wide(browser, theme) {
  const page = await openPage(browser, theme, 1440, 900);
  const shot = async (name) => {
    await page.mouse.move(720, 895);
    await page.waitForTimeout(500);
    await save(page, `${name}-${theme}`);
  };
  await shot('welcome');
  await sample(page, 'cookie', 1);
  await idle(page, 1);
  await page.keyboard.press('F8');
  await page.waitForSelector('[data-image-editor]');
  await page.focus('[role=application]');
  await page.keyboard.press('0');
  await shot('answer');
  await page.keyboard.press('h');
  await page.keyboard.press('Control+Shift+M');
  await shot('anomaly-map-and-problems');
  await page.focus('[role=application]');
  await page.keyboard.press('h');
  await page.keyboard.press('Control+Shift+M');
  const actions = page.locator('[data-followup=actions]');
  await ((await actions.count()) > 0 ? actions : page.locator('[data-followup]')).first().click();
  await idle(page, 2);
  await shot('follow-up');
  await page.keyboard.press('Control+Alt+N');
  await page.waitForSelector('[data-sample=cube]');
  await sample(page, 'cube', 2);
  await idle(page, 1);
  await page.keyboard.press('Control+Shift+E');
  await page.dblclick('[data-image-row][title="marked-cube.jpg"] >> nth=0');
  await page.waitForSelector('[data-image-editor]');
  await page.focus('[role=application]');
  await page.keyboard.press('c');
  await shot('compare');
  await page.keyboard.press('c');
  await page.keyboard.press('Control+\\');
  await page.click('[data-image-row][title="cracked-cookie.jpg"]', { modifiers: [] });
  await page.waitForTimeout(1500);
  await shot('explorer-and-split');
  await page.keyboard.press('Control+P');
  await page.waitForSelector('[cmdk-item]');
  await shot('quick-open');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+F');
  await page.fill('[aria-label="Search in conversations"]', 'region');
  await page.waitForSelector('[role=status] >> text=/conversation/');
  await page.keyboard.press('F1');
  await page.waitForSelector('[cmdk-item]');
  await shot('search-and-palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+U');
  await page.keyboard.press('Control+,');
  await page.waitForSelector('h2 >> text=Settings');
  await shot('settings-and-output');
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+S');
  await page.waitForSelector('[aria-label="Search shortcuts"]');
  await page.click('role=tab[name="Timings"]');
  await shot('shortcuts-and-timings');
  await page.context().close();
}

async function narrow(browser, theme) {
  const page = await openPage(browser, theme, 390, 844);
  const shot = async (name) => {
    await page.waitForTimeout(500);
    await save(page, `${name}-${theme}`);
  };
  await shot('narrow-start');
  await sample(page, 'cookie', 1);
  await idle(page, 1);
  await shot('narrow-answer');
  await page.click('nav[aria-label=Panes] >> text=Problems');
  await shot('narrow-problems');
  await page.click('[data-problem] >> nth=0');
  await page.waitForSelector('[data-image-editor]');
  await shot('narrow-image');
  await page.context().close();
}

await runMain(async () => {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  try {
    for (const theme of ['dark', 'light']) {
      await wide(browser, theme);
      await narrow(browser, theme);
    }
  } finally {
    await browser.close();
  }
});
