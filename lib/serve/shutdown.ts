import { runningAnswers } from '@/lib/assistant/answers/running-answers';
import { closeDatabase } from '@/lib/database/client';
import { closeJobs } from '@/lib/datasets/jobs';
import { getEngine } from '@/lib/engine/worker/client';
import { requestsEnded, stopTaking } from '@/lib/http/in-flight';
import { log } from '@/lib/http/log';

/** How long running answers, and then uploads and exports, may go on once the server is told to end. */
const GRACE_MS = 8_000;

/**
 * Takes nothing new, lets running answers finish for a moment, ends the others as `interrupted` with what they have,
 * waits for the requests that are being answered (uploads, exports), and closes the engine and the database.
 */
async function drain(graceMs = GRACE_MS): Promise<void> {
  const answers = runningAnswers();
  answers.closing = true;
  stopTaking();
  const finished = Promise.all(answers.all().map(({ done }) => done));
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs);
  });
  await Promise.race([finished, grace]);
  clearTimeout(timer);
  const left = answers.all();
  left.forEach((answer) => answer.end('interrupted'));
  await Promise.all(left.map(({ done }) => done));
  const cutOff = await requestsEnded(graceMs);
  await closeJobs();
  await getEngine().close();
  await closeDatabase();
  log.info({ interrupted: left.length, cutOff }, 'stopped');
}

/** A terminal's Ctrl+C reaches the server twice: from the terminal, and passed on by `npm start`. */
const SAME_SIGNAL_MS = 1000;

/**
 * Ends the process gracefully on SIGTERM and SIGINT; asked once more, at once. Needs NEXT_MANUAL_SIG_HANDLE, without
 * which Next.js exits by itself.
 */
export function handleSignals(): void {
  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      if (Date.now() - stoppingSince > SAME_SIGNAL_MS) {
        process.exit(1);
      }
      return;
    }
    stoppingSince = Date.now();
    log.info({ signal, running: runningAnswers().all().length }, 'stopping');
    drain().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'the end was not clean');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
