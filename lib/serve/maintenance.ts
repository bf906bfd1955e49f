import { purgeDeleted } from '@/lib/assistant/conversations';
import { recoverAnswers } from '@/lib/assistant/answers/recover-answers';
import { sweepSessions } from '@/lib/database/accounts';
import { purgeDeletedSets, purgeStagedFiles } from '@/lib/datasets/purge';
import { purgeDeletedParts } from '@/lib/parts/purge';
import { retireEndedShares } from '@/lib/sharing/manage-shares';
import { prunePictures } from '@/lib/images/prune-pictures';
import { log } from '@/lib/http/log';
import { BackupSchedule } from './scheduled-backup';

const INTERVAL_MS = 60_000;

/**
 * What is done now and then: deletions become final, imports that ended leave no files, ended links drop what they
 * showed, answers that could not be stored are stored.
 */
async function maintain(): Promise<void> {
  try {
    const recovered = await recoverAnswers(new Date(Date.now() - INTERVAL_MS));
    const purged = await purgeDeleted();
    await sweepSessions(new Date());
    await retireEndedShares();
    const sets = await purgeDeletedSets();
    const parts = await purgeDeletedParts();
    const staged = await purgeStagedFiles();
    if (recovered + purged + sets + parts + staged > 0) {
      log.info({ recovered, purged, sets, parts, staged }, 'maintenance');
    }
  } catch (error) {
    log.error({ err: error }, 'maintenance failed');
  }
}

const PRUNE_MS = 60 * 60_000;

async function prune(): Promise<void> {
  try {
    const pictures = await prunePictures();
    log.debug({ pictures }, 'kept pictures pruned');
  } catch (error) {
    log.error({ err: error }, 'kept pictures could not be pruned');
  }
}

/**
 * Runs maintenance and what backups are due every minute until the returned function is called. Does not keep the
 * process alive.
 */
export function startMaintenance(): () => void {
  const backups = new BackupSchedule();
  const pruning = setInterval(() => void prune(), PRUNE_MS);
  pruning.unref();
  const timer = setInterval(() => {
    void maintain();
    void backups.backUpIfDue();
  }, INTERVAL_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    clearInterval(pruning);
  };
}
