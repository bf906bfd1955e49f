import { purgeDeleted } from '@/lib/assistant/conversations';
import { recoverAnswers } from '@/lib/assistant/answers/recover-answers';
import { sweepSessions } from '@/lib/database/accounts';
import { findUnusedContent, removeContentIfUnused } from '@/lib/database/images';
import { retireEndedShares } from '@/lib/sharing/manage-shares';
import { blobs } from '@/lib/storage';
import { log } from '@/lib/http/log';

const INTERVAL_MS = 60_000;
/** How old a file without a row must be: an upload writes the file first. */
const UNUSED_MS = 60 * 60_000;
const BATCH = 500;

/** Removes files that nothing refers to: a crash between a file and its row leaves one. */
export async function sweepFiles(now = Date.now()): Promise<number> {
  const store = blobs();
  await store.removeUnfinished(now - UNUSED_MS);
  let removed = 0;
  const sweep = async (keys: string[]) => {
    for (const key of await findUnusedContent(keys)) {
      removed += (await removeContentIfUnused(key, () => store.remove(key))) ? 1 : 0;
    }
  };
  let batch: string[] = [];
  for await (const key of store.keysOlderThan(now - UNUSED_MS)) {
    batch.push(key);
    if (batch.length === BATCH) {
      await sweep(batch);
      batch = [];
    }
  }
  await sweep(batch);
  return removed;
}

/** What is done now and then: deletions become final, ended links drop what they showed, answers that could not be stored are stored. */
export async function maintain(): Promise<void> {
  try {
    const recovered = await recoverAnswers(new Date(Date.now() - INTERVAL_MS));
    const purged = await purgeDeleted();
    await sweepSessions(new Date());
    await retireEndedShares();
    if (recovered + purged > 0) {
      log.info({ recovered, purged }, 'maintenance');
    }
  } catch (error) {
    log.error({ err: error }, 'maintenance failed');
  }
}

/** Runs maintenance every minute until the returned function is called. Does not keep the process alive. */
export function startMaintenance(): () => void {
  const timer = setInterval(() => void maintain(), INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
