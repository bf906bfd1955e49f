import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { answered, askAboutSample, launchBrowser, openWorkbench, type Theme } from './support/browser';

const axeSource = readFileSync(
  createRequire(join(process.cwd(), 'package.json')).resolve('axe-core/axe.min.js'),
  'utf8',
);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

type AxeWindow = typeof globalThis & { axe: { run: (options: object) => Promise<AxeResults> } };

/** Serious and critical violations of what the page shows, as `rule: element`. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger, which the page's content security policy does not hold.
  await page.evaluate(axeSource);
  const results = await page.evaluate(() =>
    (globalThis as AxeWindow).axe.run({
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    }),
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** Every view, by what brings it up. */
const VIEWS: readonly [name: string, show: (page: Page) => Promise<unknown>][] = [
  ['answer', async (page) => page.waitForSelector('[data-role=assistant]')],
  ['explorer', (page) => page.keyboard.press('Control+Shift+E')],
  ['search', (page) => page.keyboard.press('Control+Shift+F')],
  ['problems', (page) => page.keyboard.press('Control+Shift+M')],
  [
    'image editor',
    async (page) => {
      await page.keyboard.press('F8');
      await page.waitForSelector('[data-image-editor]');
    },
  ],
  ['output', (page) => page.keyboard.press('Control+Shift+U')],
  ['timings', (page) => page.click('role=tab[name="Timings"]')],
  [
    'settings',
    async (page) => {
      await page.keyboard.press('Control+,');
      await page.waitForSelector('h2 >> text=Settings');
    },
  ],
  [
    'shortcuts',
    async (page) => {
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+S');
      await page.waitForSelector('[aria-label="Search shortcuts"]');
    },
  ],
  [
    'palette',
    async (page) => {
      await page.keyboard.press('F1');
      await page.waitForSelector('[cmdk-item]');
    },
  ],
];

it.each<Theme>(['light', 'dark', 'high-contrast'])(
  'finds no serious violation on any view in the %s theme',
  async (theme) => {
    const { page, context } = await openWorkbench(browser, { theme });
    const found: Record<string, string[]> = {};
    const check = async (name: string) => {
      const list = await violations(page);
      if (list.length > 0) {
        found[name] = list;
      }
    };
    await check('welcome');
    await askAboutSample(page);
    await answered(page);
    for (const [name, show] of VIEWS) {
      await show(page);
      await page.waitForTimeout(300);
      await check(name);
    }
    expect(found).toEqual({});
    await context.close();
  },
);

it.each<Theme>(['light', 'dark'])('finds none on a narrow screen in the %s theme', async (theme) => {
  const { page, context } = await openWorkbench(browser, { theme, width: 390, height: 844 });
  const found: Record<string, string[]> = {};
  for (const name of ['Browse', 'Chat', 'Image', 'Problems']) {
    await page.click(`nav[aria-label=Panes] >> text=${name}`);
    await page.waitForTimeout(300);
    const list = await violations(page);
    if (list.length > 0) {
      found[name] = list;
    }
  }
  expect(found).toEqual({});
  await context.close();
});
