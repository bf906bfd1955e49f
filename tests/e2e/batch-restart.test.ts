import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { DatasetDetail, DatasetInfo, ItemsResponse } from '@/lib/datasets/contract';
import { closeDatabase, database } from '@/lib/database/client';
import { layFiles, removeFolder } from '../support/folder-tree';
import { makePng } from '../support/images';
import { PATIENCE_MS, launchBrowser, openWorkbench } from './support/browser';
import { importFolder } from './support/import-folder';
import { startServer, stopServer, type TestServer } from './support/server';

const IMAGES = 24;

let browser: Browser;
let server: TestServer;
let folder: string;
let page: Page;
let errors: string[];
let set: DatasetInfo;
const data = mkdtempSync(join(tmpdir(), 'looktwice-e2e-batch-'));

beforeAll(async () => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < IMAGES; i += 1) {
    files[`${i % 3 === 0 ? 'anomalous' : 'normal'}/${String(i).padStart(2, '0')}.png`] = await makePng(i, 160, 120);
  }
  folder = await layFiles(files);
  server = await startServer(data);
  // The rows are looked at beside the running server.
  process.env.LOOKTWICE_DATA = data;
  browser = await launchBrowser();
  ({ page, errors } = await openWorkbench(browser, { origin: server.url }));
});
afterAll(async () => {
  await browser?.close();
  await closeDatabase();
  if (server !== undefined) {
    await stopServer(server);
  }
  await removeFolder(folder);
  rmSync(data, { recursive: true, force: true });
});

const read = async <T>(path: string) => (await (await fetch(`${server.url}${path}`)).json()) as T;
const detail = () => read<DatasetDetail>(`/api/datasets/${set.id}`);
const latestBatch = async () => (await detail()).batches[0];
const resultsOf = (jobId: string) => database().batchResult.findMany({ where: { jobId }, orderBy: { itemId: 'asc' } });

async function until<T>(what: string, look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const value = await look();
    if (holds(value)) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`${what} did not happen; last seen: ${JSON.stringify(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function inspect(kind: string): Promise<void> {
  await page.getByRole('button', { name: 'Inspect', exact: true }).click();
  await page.getByRole('menuitem', { name: kind }).click();
}

it('imports a folder by the dialog', async () => {
  await importFolder(page, { folder, name: 'Plates', items: IMAGES });
  const [found] = (await read<{ datasets: DatasetInfo[] }>('/api/datasets')).datasets;
  expect(found).toMatchObject({ name: 'Plates', counts: { items: IMAGES, anomalous: IMAGES / 3 } });
  if (found !== undefined) {
    set = found;
  }
});

it('pauses where it is, goes on, survives a kill of the server, and looks at no item twice', async () => {
  await inspect('Each image alone (zero-shot)');
  await until('the first result', latestBatch, (job) => (job?.done ?? 0) >= 2);
  await page.getByRole('button', { name: 'Pause' }).click();
  const strip = page.getByRole('region', { name: 'Inspecting each image alone' });
  await strip.getByText('paused').waitFor();
  const paused = await until('the pause', latestBatch, (job) => job?.state === 'paused');
  expect(paused?.done).toBeLessThan(IMAGES);
  // Somebody who looks again later finds it where it stopped.
  await page.reload();
  await strip.getByText(`paused ${paused?.done} of ${IMAGES}`).waitFor();
  expect(await latestBatch()).toMatchObject({ state: 'paused', done: paused?.done });

  await strip.getByRole('button', { name: 'Go on' }).click();
  await until('more results', latestBatch, (job) => (job?.done ?? 0) >= (paused?.done ?? 0) + 2);
  await stopServer(server, 'SIGKILL');
  const jobId = paused?.id ?? '';
  const before = await resultsOf(jobId);
  expect(before.length).toBeGreaterThan(paused?.done ?? 0);
  expect(before.length).toBeLessThan(IMAGES);

  server = await startServer(data, server.port);
  await page.reload();
  await until('the end of the batch', latestBatch, (job) => job?.state === 'done');
  expect(await latestBatch()).toMatchObject({ id: jobId, done: IMAGES, failed: 0, total: IMAGES });
  const after = await resultsOf(jobId);
  expect(new Set(after.map(({ itemId }) => itemId)).size).toBe(IMAGES);
  // What was there before the kill was not looked at again.
  const kept = new Map(after.map((row) => [row.itemId, row]));
  for (const { itemId, score, inspectionId, createdAt } of before) {
    expect(kept.get(itemId)).toMatchObject({ score, inspectionId, createdAt });
  }
  expect(await database().inspection.count()).toBe(IMAGES);
  await page.getByText(`${IMAGES} items · ${IMAGES} of the set inspected`).waitFor();
});

it('cancels: the job ends, what was found before stays', async () => {
  const { items: before } = await read<ItemsResponse>(`/api/datasets/${set.id}/items?order=score&limit=100`);
  await inspect('Compare the images with each other');
  const strip = page.getByRole('region', { name: 'Comparing the images with each other' });
  await strip.getByRole('button', { name: 'Cancel' }).click();
  await strip.waitFor({ state: 'detached' });
  const job = await until('the cancellation', latestBatch, (latest) => latest?.state === 'cancelled');
  expect(job?.done).toBeLessThan(IMAGES);
  const { items: after } = await read<ItemsResponse>(`/api/datasets/${set.id}/items?order=score&limit=100`);
  expect(after.map(({ id, score }) => [id, score])).toEqual(before.map(({ id, score }) => [id, score]));
  // Another one may begin at once.
  await inspect('Each image alone (zero-shot)');
  await until('another batch', latestBatch, (latest) => latest?.id !== job?.id && latest?.state !== 'cancelled');
  expect(errors).toEqual([]);
});
