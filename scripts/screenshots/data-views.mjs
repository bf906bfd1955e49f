/** Data sets, reviews and benchmarks, wide and narrow. */
import { dirname } from 'node:path';
import { NARROW, openWorkbench, WIDE } from './pages.mjs';
import { layFaultySet } from './sample-set.mjs';
import { evaluate, importAndInspect, itemsOf, seedDataSets } from './seed-data.mjs';
import { openApi } from './server.mjs';

/** Whole and in the middle of its picture: there is something to see in it at any size. */
const REVIEWED = 'cube-abnormal-2.jpg';

/** Fills the server with data sets and evaluation runs. */
export async function prepareData(_browser, server, folder) {
  const api = await openApi(server.url);
  const datasetId = await seedDataSets(api, folder);
  await importAndInspect(api, { name: 'Line 3 labels', folder: layFaultySet(dirname(folder)) });
  const itemId = (await itemsOf(api, datasetId)).find(({ path }) => path.endsWith(REVIEWED)).id;
  evaluate(folder, server);
  await api.close();
  return { url: server.url, datasetId, itemId };
}

async function dataSets(browser, { url }, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: WIDE });
  await page.keyboard.press('Control+Alt+B');
  await page.keyboard.press('Control+Shift+D');
  await page.click('ul[aria-label="Data sets"] >> text=Shift samples');
  await page.selectOption('[data-dataset] select[aria-label=Order]', 'score');
  await page.waitForSelector('[data-item-list] [role=row] img');
  await shot('data-set');
  await page.click('[aria-label="Import a data set"]');
  await page.click('[role=dialog] >> text=A folder of this machine');
  await page.fill('[role=dialog] >> role=textbox >> nth=0', '/srv/line-3/shift-samples');
  await shot('data-set-import');
  await close();
}

/** What an import tells of labels that it could not read. */
async function importSummary(browser, { url }, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url, theme, size: WIDE });
  await page.keyboard.press('Control+Alt+B');
  await page.keyboard.press('Control+Shift+D');
  await page.click('ul[aria-label="Data sets"] >> text=Line 3 labels');
  await page.waitForSelector('[data-import-summary]');
  await page.waitForSelector('[data-item-list] [role=row] img');
  await shot('import-summary');
  await page.click('[data-import-summary] >> button');
  await page.waitForSelector('[role=dialog]');
  await shot('import-problems');
  await close();
}

/** Opens the review of the set, goes on to one item, and waits until the model has looked at it. */
async function openItem(page, { datasetId, itemId }) {
  await page.locator('select[aria-label="Data set"]').selectOption(datasetId);
  const shown = page.locator(`[data-review="${datasetId}"] [data-review-item]`);
  await shown.waitFor();
  for (let id = ''; id !== itemId; id = await shown.getAttribute('data-review-item')) {
    if (id !== '') {
      await page.focus('[data-review-stage]');
      await page.keyboard.press('j');
      await page.waitForSelector(`[data-review-item="${id}"]`, { state: 'detached' });
      await shown.waitFor();
    }
  }
  await page.waitForFunction(() => document.querySelector('figure figcaption')?.textContent?.includes('score'));
  await page.focus('[data-review-stage]');
}

/** Has the model draft the texts of the open item. */
async function draft(page) {
  await page.keyboard.press('g');
  await page.waitForFunction(() =>
    ['description', 'impact', 'suggestion'].every(
      (field) => document.querySelector(`[data-review-field=${field}]`)?.value.length > 10,
    ),
  );
}

async function review(browser, prepared, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url: prepared.url, theme, size: WIDE });
  await page.keyboard.press('Control+Alt+B');
  await page.click('nav[aria-label=Views] >> button[aria-label=Review]');
  await openItem(page, prepared);
  await page.keyboard.press('q');
  await draft(page);
  await page.keyboard.press('b');
  await page.keyboard.press('0');
  await shot('review');
  await page.keyboard.press('?');
  await page.waitForSelector('[role=dialog]');
  await shot('review-keys');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await page.keyboard.press('Control+K');
  await page.keyboard.press('b');
  await page.click('[data-benchmark-row] >> button:not([role=checkbox]) >> nth=0');
  await page.waitForSelector('[data-benchmarks] table');
  await shot('benchmark');
  for (const box of await page.locator('[data-benchmark-row] [role=checkbox][data-state=unchecked]').all()) {
    await box.click();
  }
  await page.waitForSelector('h2 >> text=2 runs compared');
  await shot('benchmarks-compared');
  await close();
}

async function narrow(browser, prepared, theme) {
  const { page, shot, close } = await openWorkbench(browser, { url: prepared.url, theme, size: NARROW });
  const browse = async (view) => {
    await page.click('nav[aria-label=Panes] >> text=Browse');
    await page.click(`[aria-label=Views] >> text=${view}`);
  };
  await browse('Data sets');
  await page.waitForSelector('text=Shift samples');
  await shot('narrow-data-sets');
  await page.click('ul[aria-label="Data sets"] >> text=Shift samples');
  await page.selectOption('[data-dataset] select[aria-label=Order]', 'score');
  await page.waitForSelector('[data-item-list] [role=row] img');
  await shot('narrow-data-set');
  await browse('Data sets');
  await page.click('ul[aria-label="Data sets"] >> text=Line 3 labels');
  await page.waitForSelector('[data-import-summary]');
  await shot('narrow-import-summary');
  await browse('Review');
  await page.waitForSelector('select[aria-label="Data set"]');
  await openItem(page, prepared);
  await page.keyboard.press('q');
  await shot('narrow-review');
  await close();
}

export async function takeData(browser, prepared, theme) {
  await dataSets(browser, prepared, theme);
  await importSummary(browser, prepared, theme);
  await review(browser, prepared, theme);
  await narrow(browser, prepared, theme);
}
