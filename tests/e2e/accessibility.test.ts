import type { Browser, Page } from 'playwright-core';
import { axeViolations } from './support/axe';
import { answered, askAboutSample, launchBrowser, openWorkbench, type Theme } from './support/browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

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
      const list = await axeViolations(page);
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
    const list = await axeViolations(page);
    if (list.length > 0) {
      found[name] = list;
    }
  }
  expect(found).toEqual({});
  await context.close();
});
