import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeDataset } from '@/lib/database/datasets';
import {
  changeImportJob,
  getImportJob,
  type ImportJobRow,
  startImport,
  storeImportBatch,
} from '@/lib/database/import-jobs';
import { EngineError, messageOf } from '@/lib/engine/errors';
import { withoutPaths } from '@/lib/http/without-paths';
import { mapInOrder } from '@/lib/evaluation/in-order';
import { unpack } from '../archives/unpack';
import { importFormatSchema } from '../contract';
import { prepareItem } from './prepare-item';
import { readSet } from './read-set';
import type { ImportListing } from './types';

/** Images that are stored in one transaction. */
const BATCH = 32;
/** Images that are read and stored at once, while their decoding takes turns in the checker's process; bounds the memory. */
const CONCURRENCY = 4;

export type ImportProgress = { position: number; total: number; skipped: number };
type Options = { signal: AbortSignal; onProgress?: ((progress: ImportProgress) => void) | undefined };

/** File names in the directory of a staged job. */
export const STAGED = { archive: 'archive', files: 'files', unpacked: 'unpacked.json' } as const;

/**
 * Carries out an import, from where it stopped. The job's row says how far it is and how it ended.
 *
 * @param signal aborts after the images at hand; the job is then left as it is, to be taken up again
 * @throws what made it fail, after the row says so; the signal's reason
 */
export async function runImport(id: string, { signal, onProgress }: Options): Promise<void> {
  const job = await getImportJob(id);
  if (job === null) {
    throw new EngineError('not_found', 'There is no such import.');
  }
  await changeImportJob(id, { state: 'running', error: null });
  try {
    const listing = await list(job, signal);
    await storeItems(job, listing, { signal, onProgress });
    await changeImportJob(id, { state: 'done', finishedAt: new Date() });
    if (job.staged) {
      await rm(job.directory, { recursive: true, force: true });
    }
  } catch (error) {
    if (!signal.aborted) {
      await changeImportJob(id, { state: 'failed', error: describe(error, job), finishedAt: new Date() });
    }
    throw error;
  }
}

/** Why it failed, for the person who began it: where an archive was unpacked says nothing to them. */
function describe(error: unknown, { staged, directory, source }: ImportJobRow): string {
  const message = messageOf(error);
  return withoutPaths(
    staged ? message.replaceAll(join(directory, STAGED.files), source).replaceAll(directory, source) : message,
  );
}

/** Unpacks if need be, and reads the label files; a job that goes on reads them again, which gives the same order. */
async function list(job: ImportJobRow, signal: AbortSignal): Promise<ImportListing> {
  const files = job.staged ? join(job.directory, STAGED.files) : job.directory;
  const problems = job.staged ? await unpackOnce(job.directory, files, signal) : [];
  const listing = await readSet(files, importFormatSchema.parse(job.format));
  if (job.total === null || job.total !== listing.items.length) {
    await startImport(job.id, listing.items.length, listing.format, [...problems, ...listing.problems]);
    job.position = 0;
    job.activeMs = 0;
  }
  await changeDataset({ userId: job.ownerId }, job.datasetId, { format: listing.format });
  return listing;
}

async function unpackOnce(directory: string, files: string, signal: AbortSignal): Promise<ImportListing['problems']> {
  const marker = join(directory, STAGED.unpacked);
  if (existsSync(marker)) {
    return [];
  }
  await rm(files, { recursive: true, force: true });
  const problems = await unpack(join(directory, STAGED.archive), files, { signal });
  await writeFile(marker, '{}');
  return problems;
}

async function storeItems(job: ImportJobRow, { items }: ImportListing, { signal, onProgress }: Options): Promise<void> {
  const started = performance.now();
  let skipped = job.skipped;
  for (let position = job.position; position < items.length; position += BATCH) {
    signal.throwIfAborted();
    const chunk = items.slice(position, position + BATCH);
    const prepared = await mapInOrder(chunk, CONCURRENCY, prepareItem);
    const ready = prepared.flatMap((item) => item.ready ?? []);
    skipped += chunk.length - ready.length;
    await storeImportBatch(job, ready, {
      position: position + chunk.length,
      problems: prepared.flatMap((item) => item.problems),
      skipped: chunk.length - ready.length,
      activeMs: Math.round(job.activeMs + performance.now() - started),
    });
    onProgress?.({ position: position + chunk.length, total: items.length, skipped });
  }
}
