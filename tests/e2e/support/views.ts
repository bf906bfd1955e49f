import type { Page } from 'playwright-core';
import type { SeededSet } from './review-set';

/** A view of the workbench: its name, and what a person does to see it after the one before it in the list. */
export type View = readonly [name: string, show: (page: Page) => Promise<unknown>];

const keys = async (page: Page, ...strokes: string[]) => {
  for (const stroke of strokes) {
    await page.keyboard.press(stroke);
  }
};
const closeDialog = async (page: Page) => {
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
};
const command = async (page: Page, title: string) => {
  await page.keyboard.press('F1');
  await page.waitForSelector('[cmdk-input]:focus');
  await page.keyboard.type(title);
  await page.waitForSelector(`[cmdk-item][data-selected=true] >> text=${title}`);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[cmdk-input]', { state: 'detached' });
};

/** The views of a conversation about two images, one of them inspected. */
export const CONVERSATION_VIEWS: readonly View[] = [
  ['answer', (page) => page.waitForSelector('[data-role=assistant]')],
  [
    'explorer',
    async (page) => {
      await keys(page, 'Control+Shift+E');
      await page.waitForSelector('[data-image-row]');
    },
  ],
  [
    'search',
    async (page) => {
      await keys(page, 'Control+Shift+F');
      await page.fill('[aria-label="Search in conversations"]', 'anomaly');
      await page.waitForSelector('[role=status] >> text=/conversation/');
    },
  ],
  [
    'problems',
    async (page) => {
      await keys(page, 'Control+Shift+M');
      await page.waitForSelector('[data-problem]');
    },
  ],
  [
    'image editor',
    async (page) => {
      await keys(page, 'F8');
      await page.waitForSelector('[data-image-editor] [role=application]');
    },
  ],
  [
    'anomaly map and minimap',
    async (page) => {
      await page.focus('[role=application]');
      await keys(page, 'h', '1', '+', '+');
      await page.waitForFunction(
        () => document.querySelector('output[aria-label=Zoom]')?.textContent?.startsWith('156') === true,
      );
    },
  ],
  [
    'compare',
    async (page) => {
      await page.focus('[role=application]');
      await keys(page, 'c');
      await page.waitForSelector('[aria-label="Divider between the image and the normal reference"]');
    },
  ],
  [
    'two editors',
    async (page) => {
      await keys(page, 'c', 'Control+\\');
      await page.waitForFunction(() => document.querySelectorAll('[aria-label^="Editor group"]').length === 2);
    },
  ],
  ['output', (page) => keys(page, 'Control+Shift+U').then(() => page.waitForSelector('[role=log]'))],
  ['timings', (page) => page.click('role=tab[name="Timings"]')],
  [
    'settings',
    async (page) => {
      await keys(page, 'Control+,');
      await page.waitForSelector('h2 >> text=Settings');
    },
  ],
  [
    'shortcuts',
    async (page) => {
      await keys(page, 'Control+K', 'Control+S');
      await page.waitForSelector('[aria-label="Search shortcuts"]');
    },
  ],
  [
    'chat as an editor',
    async (page) => {
      await command(page, 'Open Chat in Editor');
      await page.waitForSelector('[data-part=editor] [data-role=assistant]');
    },
  ],
  [
    'quick open',
    async (page) => {
      await keys(page, 'Control+P');
      await page.waitForSelector('[cmdk-item]');
    },
  ],
  [
    'palette',
    async (page) => {
      await closeDialog(page);
      await keys(page, 'F1');
      await page.waitForSelector('[cmdk-item]');
    },
  ],
  [
    'a menu',
    async (page) => {
      await closeDialog(page);
      await page.click('[aria-label="Export and more"]');
      await page.waitForSelector('[role=menu]');
    },
  ],
  [
    'share dialog',
    async (page) => {
      await keys(page, 'Escape', 'Control+Alt+S');
      await page.click('summary >> text=Options');
      await page.waitForSelector('[role=dialog] >> text=Allow other pages to embed it');
    },
  ],
  [
    'link and list of links',
    async (page) => {
      await page.click('text=/Create link/');
      await page.waitForSelector('[data-share-link]');
      await page.waitForSelector('[data-share]');
    },
  ],
  [
    'every link',
    async (page) => {
      await closeDialog(page);
      await command(page, 'Shared Links');
      await page.waitForSelector('[role=dialog] [data-share]');
    },
  ],
  ['zen', (page) => closeDialog(page).then(() => keys(page, 'Control+K', 'z'))],
];

/**
 * The views of data sets, reviews and benchmarks; `imported` is a set whose import left something out, `set` one to
 * review.
 */
export const dataViews = (set: SeededSet, imported: { name: string }): readonly View[] => [
  [
    'data sets',
    async (page) => {
      await keys(page, 'Control+Shift+D');
      await page.waitForSelector(`text=${imported.name}`);
    },
  ],
  [
    'import dialog',
    async (page) => {
      await page.click('[aria-label="Import a data set"]');
      await page.waitForSelector('[role=dialog] >> text=A folder of this machine');
      await page.click('[role=dialog] >> text=A folder of this machine');
    },
  ],
  [
    'data set',
    async (page) => {
      await closeDialog(page);
      await page.click(`ul[aria-label="Data sets"] >> text=${imported.name}`);
      await page.waitForSelector('[data-dataset] >> text=/about the import/');
    },
  ],
  [
    'import report',
    async (page) => {
      await page.click('text=/about the import/');
      await page.waitForSelector('[role=dialog]');
    },
  ],
  [
    'deletion of a data set',
    async (page) => {
      await closeDialog(page);
      await page.click('[aria-label="Delete the data set"]');
      await page.waitForSelector('[role=dialog] >> text=Keep it');
    },
  ],
  [
    'review with its mask editor',
    async (page) => {
      await closeDialog(page);
      await page.click('nav[aria-label=Views] >> button[aria-label=Review]');
      await page.locator('select[aria-label="Data set"]').selectOption(set.datasetId);
      await page.waitForSelector(`[data-review="${set.datasetId}"] [data-review-item]`);
      await page.focus('[data-review-stage]');
    },
  ],
  [
    'relabelling',
    async (page) => {
      await page.focus('[data-review-stage]');
      await keys(page, 'l');
      await page.waitForSelector('[role=dialog]');
    },
  ],
  [
    'keys of the review',
    async (page) => {
      await closeDialog(page);
      await page.focus('[data-review-stage]');
      await keys(page, '?');
      await page.waitForSelector('[role=dialog]');
    },
  ],
  [
    'reviewers',
    async (page) => {
      await closeDialog(page);
      await page.click('[data-part=side] [aria-label=Reviewers]');
      await page.waitForSelector('[role=dialog]');
    },
  ],
  [
    'benchmarks',
    async (page) => {
      await closeDialog(page);
      await keys(page, 'Control+K', 'b');
      await page.waitForSelector('[data-benchmark-row]');
    },
  ],
  [
    'benchmark',
    async (page) => {
      await page.click('[data-benchmark-row] >> button >> nth=-1');
      await page.waitForSelector('[data-benchmarks] table');
    },
  ],
];
