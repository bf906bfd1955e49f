import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removeContentIfUnused } from '@/lib/database/images';
import { getImportJob, moveImportJob } from '@/lib/database/import-jobs';
import { purgeDatasets } from '@/lib/database/purge-datasets';
import { blobs } from '@/lib/storage';
import { dataDirectory } from '@/lib/storage/data-directory';

const DAY_MS = 24 * 60 * 60_000;
/** How long a deleted set, and the files of an import that failed and could go on, are kept. */
export const KEPT_DAYS = 7;
/** How old the files of an import without a job must be: they are received before it is made. */
const UNKNOWN_DAYS = 2;
const ITEMS = 200;
/** Rounds of one call; the rest is for the next one. */
const ROUNDS = 20;

/** Deletes for good what sets that were deleted days ago had. Returns how many sets went. */
export async function purgeDeletedSets(now = Date.now()): Promise<number> {
  const store = blobs();
  let sets = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const purged = await purgeDatasets(new Date(now - KEPT_DAYS * DAY_MS), ITEMS);
    for (const sha256 of new Set(purged.sha256s)) {
      await removeContentIfUnused(sha256, () => store.remove(sha256));
    }
    sets += purged.sets;
    if (purged.items === 0 && purged.sets === 0) {
      break;
    }
  }
  return sets;
}

async function isLeftOver(id: string, directory: string, now: number): Promise<boolean> {
  const job = await getImportJob(id);
  if (job === null) {
    return (await stat(directory)).mtimeMs < now - UNKNOWN_DAYS * DAY_MS;
  }
  if (job.state === 'done' || job.state === 'cancelled') {
    return true;
  }
  const isOld = job.finishedAt !== null && job.finishedAt.getTime() < now - KEPT_DAYS * DAY_MS;
  // Without its files it cannot go on.
  return job.state === 'failed' && isOld && (await moveImportJob(id, ['failed'], 'cancelled'));
}

/** Removes archives and what was unpacked of imports that have ended. Returns how many directories went. */
export async function purgeStagedFiles(now = Date.now()): Promise<number> {
  const parent = join(dataDirectory(), 'imports');
  let removed = 0;
  for (const entry of await readdir(parent, { withFileTypes: true }).catch(() => [])) {
    const directory = join(parent, entry.name);
    if (entry.isDirectory() && (await isLeftOver(entry.name, directory, now))) {
      await rm(directory, { recursive: true, force: true });
      removed += 1;
    }
  }
  return removed;
}
