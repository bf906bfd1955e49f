import { execFile } from 'node:child_process';
import { environment, type Environment } from '@/lib/env';

/**
 * Tells systemd that this process is alive, twice as often as it asks for (WatchdogSec in deploy/looktwice.service).
 * The timer runs on the thread that answers requests: when that is held up, nothing is told, and systemd starts the
 * server again. Does nothing elsewhere.
 * @returns ends it
 */
export function startWatchdog(env: Environment = environment()): () => void {
  const microseconds = Number(env.WATCHDOG_USEC);
  if (env.NOTIFY_SOCKET === undefined || !(microseconds > 0)) {
    return () => undefined;
  }
  const timer = setInterval(() => {
    // A telling that fails is missed by systemd, which is what it is for.
    execFile('systemd-notify', ['WATCHDOG=1'], { env: { ...env } as NodeJS.ProcessEnv }, () => undefined);
  }, microseconds / 2000);
  timer.unref();
  return () => clearInterval(timer);
}
