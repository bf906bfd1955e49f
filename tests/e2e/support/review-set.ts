import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { imageSchema, newId } from '@/lib/contract';
import type { ReviewItem } from '@/lib/datasets/contract';
import { database } from '@/lib/database/client';
import { openWorkbench, serverUrl } from './browser';

/** Rows are written straight into the server's database: what is tested begins where a set has been imported. */
function useServerDatabase(): void {
  const directory = process.env.LOOKTWICE_E2E_DATA;
  if (!directory) {
    throw new Error('LOOKTWICE_E2E_DATA is not set: give the data directory of the server at LOOKTWICE_E2E_URL.');
  }
  process.env.LOOKTWICE_DATA = directory;
}

export type SeededSet = { datasetId: string; name: string; itemIds: string[] };

async function upload(name: string, bytes: Uint8Array) {
  const response = await fetch(`${serverUrl()}/api/images?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from(bytes),
  });
  return imageSchema.parse(await response.json());
}

/** Makes a data set of uploaded images; `label` is that of every item. */
export async function seedSet(
  images: readonly { name: string; bytes: Uint8Array; label?: 'normal' | 'anomalous' }[],
): Promise<SeededSet> {
  useServerDatabase();
  const datasetId = newId();
  const name = `set-${datasetId.slice(0, 6)}`;
  await database().dataset.create({ data: { id: datasetId, ownerId: 'local', name, format: 'folder' } });
  const itemIds: string[] = [];
  for (const [index, { bytes, label = 'anomalous', ...image }] of images.entries()) {
    const { id: imageId } = await upload(image.name, bytes);
    const id = newId();
    const path = `${String(index).padStart(3, '0')}-${image.name}`;
    await database().datasetItem.create({ data: { id, datasetId, imageId, path, label, category: 'part' } });
    itemIds.push(id);
  }
  return { datasetId, name, itemIds };
}

export const seedFiles = (paths: readonly string[]) =>
  seedSet(paths.map((path) => ({ name: basename(path), bytes: readFileSync(path) })));

/** Opens the review of a set as a person with a mouse would. */
export async function openReview(browser: Browser, set: SeededSet): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openWorkbench(browser);
  await page.click('nav[aria-label=Views] >> button[aria-label=Review]');
  await page.locator('select[aria-label="Data set"]').selectOption(set.datasetId);
  await page.waitForSelector(`[data-review="${set.datasetId}"] [data-review-item]`);
  await page.focus('[data-review-stage]');
  return { page, errors };
}

/** The item as the server has it. */
export async function readItem(set: SeededSet, index: number): Promise<ReviewItem> {
  const response = await fetch(`${serverUrl()}/api/datasets/${set.datasetId}/items/${set.itemIds[index]}/reviews`);
  return (await response.json()) as ReviewItem;
}

/** Waits until the review shows an item, and its picture has the keyboard. */
export async function shows(page: Page, set: SeededSet, index: number): Promise<void> {
  await page.waitForSelector(`[data-review-item="${set.itemIds[index]}"]`);
  await page.waitForFunction(() => document.activeElement?.matches('[data-review-stage]'));
}
