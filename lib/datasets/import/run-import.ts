import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { changeDataset } from '@/lib/database/datasets';
import { removeContentIfUnused } from '@/lib/database/images';
import {
  changeImportJob,
  countImportAttempt,
  getImportJob,
  type ImportJobRow,
  listProblemPlaces,
  startImport,
  storeImportBatch,
} from '@/lib/database/import-jobs';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { toAppError } from '@/lib/http/known-errors';
import { requireQuotas } from '@/lib/http/room';
import { withoutPaths } from '@/lib/http/without-paths';
import { blobs } from '@/lib/storage';
import { dataDirectory } from '@/lib/storage/data-directory';
import { errorCode } from '@/lib/common/error-code';
import { requireFreeSpace } from '@/lib/storage/free-space';
import { importFormatSchema } from '../contract';
import { DatasetError } from '../readers/types';
import { LocalReader, ReaderEndedError, type SetReader, STAGED } from './reader/set-reader';

/** Images that are stored in one transaction. */
const BATCH = 32;
/** What a batch may need on the disk: large images, 4 MB each. What it needs more fails by itself. */
const BATCH_BYTES = BATCH * 4e6;
/** So often a set may end its reader at the same place; then it is given up. */
const MAX_ATTEMPTS = 2;

export type ImportProgress = { position: number; total: number; skipped: number };
type Options = {
  signal: AbortSignal;
  onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** What reads the set; without it this process does. */
  openReader?: () => SetReader;
};

/**
 * Carries out an import, from where it stopped. The job's row says how far it is and how it ended.
 *
 * @param signal aborts after the images at hand; the job is then left as it is, to be taken up again
 * @throws what made it fail, after the row says so; the signal's reason
 */
export async function runImport(id: string, options: Options): Promise<void> {
  const { signal } = options;
  const job = await requireJob(id);
  await changeImportJob(id, { state: 'running', error: null });
  try {
    for (let done = false; !done;) {
      done = await attempt(id, options);
    }
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

async function requireJob(id: string): Promise<ImportJobRow> {
  const job = await getImportJob(id);
  if (job === null) {
    throw new EngineError('not_found', 'There is no such import.');
  }
  return job;
}

/**
 * Goes on with the job until it is through, or until its reader ends.
 * @returns false when it is to be taken up again
 * @throws DatasetError when the set has ended its reader too often, naming the file
 */
async function attempt(
  id: string,
  { signal, onProgress, openReader = () => new LocalReader() }: Options,
): Promise<boolean> {
  const job = await requireJob(id);
  const reader = openReader();
  try {
    const total = await list(job, reader, signal);
    await storeItems(job, total, reader, { signal, onProgress });
    return true;
  } catch (error) {
    if (!(error instanceof ReaderEndedError) || signal.aborted) {
      throw error;
    }
    if ((await countImportAttempt(id)) < MAX_ATTEMPTS) {
      return false;
    }
    const file = error.file === null ? 'The set' : `The file ${error.file}`;
    throw new DatasetError(
      `${file} ${error.reason}: the import was given up after ${MAX_ATTEMPTS} tries. Take it out and import again.`,
    );
  } finally {
    reader.close();
  }
}

/** Why it failed, for the person who began it: where an archive was unpacked says nothing to them. */
function describe(error: unknown, { staged, directory, source }: ImportJobRow): string {
  const message = messageOf(errorCode(error) === 'ENOSPC' ? toAppError(error) : error);
  return withoutPaths(
    staged ? message.replaceAll(join(directory, STAGED.files), source).replaceAll(directory, source) : message,
  );
}

/**
 * Reads the label files; a job that goes on reads them again, which gives the same order. @returns how many images
 * there are
 */
async function list(job: ImportJobRow, reader: SetReader, signal: AbortSignal): Promise<number> {
  const { directory, staged } = job;
  const { total, format, problems } = await reader.list(
    { directory, staged, format: importFormatSchema.parse(job.format) },
    signal,
  );
  if (job.total === null || job.total !== total) {
    await startImport(job.id, total, format, problems);
    job.position = 0;
    job.activeMs = 0;
  }
  await changeDataset({ userId: job.ownerId }, job.datasetId, { format });
  return total;
}

async function storeItems(
  job: ImportJobRow,
  total: number,
  reader: SetReader,
  { signal, onProgress }: Pick<Options, 'signal' | 'onProgress'>,
): Promise<void> {
  const started = performance.now();
  let skipped = job.skipped;
  for (let position = job.position; position < total; position += BATCH) {
    signal.throwIfAborted();
    await requireFreeSpace(dataDirectory(), BATCH_BYTES);
    await requireQuotas({ userId: job.ownerId }, 1);
    const prepared = await reader.prepare(position, BATCH);
    const ready = prepared.flatMap((item) => item.ready ?? []);
    skipped += prepared.length - ready.length;
    await storeImportBatch(job, ready, {
      position: position + prepared.length,
      problems: prepared.flatMap((item) => item.problems),
      skipped: prepared.length - ready.length,
      activeMs: Math.round(job.activeMs + performance.now() - started),
    });
    for (const key of prepared.flatMap(({ refused }) => refused ?? [])) {
      await removeContentIfUnused(key, () => blobs().remove(key));
    }
    onProgress?.({ position: position + prepared.length, total, skipped });
  }
  const problems = await reader.settle(await listProblemPlaces(job.id, 'unreadable_image'));
  const activeMs = Math.round(job.activeMs + performance.now() - started);
  await storeImportBatch(job, [], { position: total, problems, skipped: 0, activeMs });
}
