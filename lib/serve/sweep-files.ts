import { countContent, findUnusedContent, removeContentIfUnused } from '@/lib/database/images';
import { togetherFor } from '@/lib/database/installation';
import { log } from '@/lib/http/log';
import { blobs } from '@/lib/storage';
import type { BlobStore } from '@/lib/storage/blob-store';
import { dataDirectory } from '@/lib/storage/data-directory';

/** How old a file without a row must be: an upload writes the file first. */
const UNUSED_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/**
 * How long what is unused stays in quarantine, and how long a database must have been with these files before anything
 * is taken away.
 */
export const QUARANTINE_DAYS = 7;
/** More unused files than this share of all are a sign that the database is not the one of these files. */
const MOST_UNUSED = 0.5;
/** Below so many files the share says nothing. */
const FEW = 20;
const BATCH = 500;

export type Swept = { setAside: number; removed: number; putBack: number };

async function* inBatches(keys: AsyncIterable<string>): AsyncGenerator<string[]> {
  let batch: string[] = [];
  for await (const key of keys) {
    batch.push(key);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}

/** Brings back what was set aside although the database refers to it: the right database is there again. */
async function putBackUsed(store: BlobStore): Promise<number> {
  let count = 0;
  for await (const batch of inBatches(store.keysSetAside(Infinity))) {
    const unused = new Set(await findUnusedContent(batch));
    for (const key of batch.filter((each) => !unused.has(each))) {
      count += (await store.putBack(key)) ? 1 : 0;
    }
  }
  return count;
}

async function findUnused(store: BlobStore, before: number): Promise<{ unused: string[]; total: number }> {
  const unused: string[] = [];
  let total = 0;
  for await (const batch of inBatches(store.keysOlderThan(before))) {
    total += batch.length;
    unused.push(...(await findUnusedContent(batch)));
  }
  return { unused, total };
}

/** Why nothing may be taken away now; null: it may. */
async function reasonToKeep(unused: number, total: number, now: number): Promise<string | null> {
  if ((await countContent()) === 0) {
    return 'the database is empty';
  }
  if (togetherFor(dataDirectory(), now) < QUARANTINE_DAYS * DAY_MS) {
    return `the database has been with these files for less than ${QUARANTINE_DAYS} days`;
  }
  return total >= FEW && unused > total * MOST_UNUSED ? 'most files are unknown to the database' : null;
}

/**
 * Sets files aside that nothing refers to (a crash between a file and its row leaves one), deletes those that were set
 * aside days ago, and puts back what is used after all. With a database that may not be the one of these files (empty,
 * fresh, an older copy, another installation's) nothing is taken away.
 */
export async function sweepFiles(now = Date.now()): Promise<Swept> {
  const store = blobs();
  await store.removeUnfinished(now - UNUSED_MS);
  const swept: Swept = { setAside: 0, removed: 0, putBack: await putBackUsed(store) };
  const { unused, total } = await findUnused(store, now - UNUSED_MS);
  const reason = await reasonToKeep(unused.length, total, now);
  if (reason !== null) {
    if (unused.length > 0) {
      log.warn({ unused: unused.length, total, reason }, 'unused files are kept');
    }
    return swept;
  }
  for await (const key of store.keysSetAside(now - QUARANTINE_DAYS * DAY_MS)) {
    swept.removed += (await removeContentIfUnused(key, () => store.remove(key))) ? 1 : 0;
  }
  for (const key of unused) {
    swept.setAside += (await removeContentIfUnused(key, () => store.setAside(key))) ? 1 : 0;
  }
  return swept;
}
