import { purgeDeleted } from '@/lib/assistant/conversations';
import { recoverAnswers } from '@/lib/assistant/answers/recover-answers';
import { sweepSessions } from '@/lib/database/accounts';
import { retireEndedShares } from '@/lib/sharing/manage-shares';
import { log } from '@/lib/http/log';

const INTERVAL_MS = 60_000;

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
