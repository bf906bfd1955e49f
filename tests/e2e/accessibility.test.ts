import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { closeDatabase } from '@/lib/database/client';
import { layFiles, removeFolder } from '../support/folder-tree';
import { tinyMvtecSet } from '../support/tiny-set';
import { axeViolations } from './support/axe';
import {
  answered,
  ask,
  conversationId,
  dropFiles,
  launchBrowser,
  NORMAL,
  openWorkbench,
  PATIENCE_MS,
  SAMPLE,
  serverUrl,
  type Theme,
} from './support/browser';
import { seedFiles, type SeededSet } from './support/review-set';
import { CONVERSATION_VIEWS, dataViews, type View } from './support/views';

const THEMES: readonly Theme[] = ['light', 'dark', 'high-contrast'];
const fixture = (name: string) => join(process.cwd(), 'tests/fixtures/images', name);

let browser: Browser;
let folder: string;
let set: SeededSet;
const imported = { name: 'cups' };

const sent = async (path: string, body: unknown): Promise<unknown> => {
  const response = await fetch(`${serverUrl()}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([path, response.ok]).toEqual([path, true]);
  return response.json();
};

const importsSchema = z.object({ imports: z.array(z.object({ state: z.string() })) });

/** A set whose import leaves out a file that is no image, and an evaluation run of the real model on it. */
async function importAndEvaluate(): Promise<void> {
  const files = await tinyMvtecSet(['cup']);
  folder = await layFiles({ ...files, 'cup/test/good/broken.png': 'no image' });
  const { id } = z.object({ id: z.string() }).parse(await sent('/api/datasets', { name: imported.name }));
  await sent(`/api/datasets/${id}/imports`, { directory: folder, format: 'auto' });
  const until = Date.now() + PATIENCE_MS;
  for (let state = ''; state !== 'done';) {
    expect(Date.now()).toBeLessThan(until);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const dataset = importsSchema.parse(await (await fetch(`${serverUrl()}/api/datasets/${id}`)).json());
    state = dataset.imports[0]?.state ?? '';
    expect(state).not.toBe('failed');
  }
  await promisify(execFile)(process.execPath, ['bin/looktwice.mjs', 'eval', folder, '--limit', '4'], {
    env: { ...process.env, LOOKTWICE_DATA: process.env.LOOKTWICE_E2E_DATA },
  });
}

beforeAll(async () => {
  browser = await launchBrowser();
  set = await seedFiles([fixture('cube-abnormal-1.jpg'), fixture('cube-abnormal-2.jpg')]);
  await importAndEvaluate();
}, PATIENCE_MS);
afterAll(async () => {
  await browser.close();
  await closeDatabase();
  await removeFolder(folder);
});

/** Shows one view after another; what axe finds on each. */
async function check(page: Page, views: readonly View[]): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [name, show] of views) {
    await show(page);
    const list = await axeViolations(page);
    if (list.length > 0) {
      found[name] = list;
    }
  }
  return found;
}

const welcome: View = ['welcome', (page) => page.waitForSelector('[data-sample]')];
const attached: View = [
  'attachments, a command and a file that is no image',
  async (page) => {
    await dropFiles(page, [SAMPLE, NORMAL, { name: 'no-image.png', bytes: Buffer.from('text') }]);
    await page.waitForSelector('[data-attachment=failed]');
    await page.waitForFunction(() => document.querySelectorAll('[data-attachment=ready]').length === 2);
    await page.fill('[data-composer]', '/');
    await page.waitForSelector('[role=listbox]');
  },
];

async function askAboutBoth(page: Page): Promise<void> {
  await page.click('[aria-label="Remove no-image.png"]');
  await ask(page);
  await page.waitForSelector('[data-role=assistant]');
  await answered(page);
}

it.each(THEMES)('finds no serious violation on any view of a conversation in the %s theme', async (theme) => {
  const { page, context } = await openWorkbench(browser, { theme });
  const before = await check(page, [welcome, attached]);
  await askAboutBoth(page);
  expect({ ...before, ...(await check(page, CONVERSATION_VIEWS)) }).toEqual({});
  await context.close();
});

it.each(THEMES)('finds none on data sets, review and benchmarks in the %s theme', async (theme) => {
  const { page, context } = await openWorkbench(browser, { theme });
  expect(await check(page, dataViews(set, imported))).toEqual({});
  await context.close();
});

const pane = (name: string): View => [name, (page) => page.click(`nav[aria-label=Panes] >> text=${name}`)];
const browse = (name: string, shows: string): View => [
  name,
  async (page) => {
    await page.click('nav[aria-label=Panes] >> text=Browse');
    await page.click(`[aria-label=Views] >> text=${name}`);
    await page.waitForSelector(shows);
  },
];

it.each(THEMES)('finds none on a narrow screen in the %s theme', async (theme) => {
  const { page, context } = await openWorkbench(browser, { theme, width: 390, height: 844 });
  const before = await check(page, [pane('Image'), pane('Chat'), attached]);
  await askAboutBoth(page);
  const after = await check(page, [
    ['answer', (shown) => shown.waitForSelector('[data-role=assistant]')],
    pane('Problems'),
    [
      'image',
      async (shown) => {
        await shown.click('[data-problem] >> nth=0');
        await shown.waitForSelector('[data-image-editor]');
      },
    ],
    browse('Images', '[data-image-row]'),
    browse('Search', '[aria-label="Search in conversations"]'),
    browse('Data sets', `text=${imported.name}`),
    browse('Review', 'select[aria-label="Data set"]'),
    [
      'review',
      async (shown) => {
        await shown.locator('select[aria-label="Data set"]').selectOption(set.datasetId);
        await shown.waitForSelector(`[data-review="${set.datasetId}"] [data-review-item]`);
      },
    ],
  ]);
  expect({ ...before, ...after }).toEqual({});
  await context.close();
});

it('finds none on shared pages: whole, embedded, narrow, light and dark', async () => {
  const { page, context } = await openWorkbench(browser);
  await dropFiles(page, [SAMPLE]);
  await page.waitForSelector('[data-attachment=ready]');
  await ask(page);
  await page.waitForSelector('[data-role=assistant]');
  await answered(page);
  await ask(page, 'What should be done about it?');
  await answered(page, 2);
  const { path } = z
    .object({ path: z.string() })
    .parse(await sent('/api/shares', { conversationId: conversationId(page), allowEmbed: true }));
  await context.close();
  const found: Record<string, string[]> = {};
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      const reader = await browser.newContext({ colorScheme, viewport: { width, height: 844 } });
      const visitor = await reader.newPage();
      for (const address of [path, `${path}/embed`]) {
        await visitor.goto(`${serverUrl()}${address}`);
        await visitor.waitForSelector('article[aria-label=Answer]');
        const list = await axeViolations(visitor);
        if (list.length > 0) {
          found[`${address} ${colorScheme} ${width}`] = list;
        }
      }
      await reader.close();
    }
  }
  expect(found).toEqual({});
});
