/**
 * Run as a process of its own: loads the engine and prints the niceness of every thread before and after, and of the
 * process.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { inferenceThreads } from '@/lib/engine/session';
import { getEngine } from '@/lib/engine/worker/client';

const TASKS = '/proc/self/task';

/** Field 19 of proc_pid_stat(5), the 17th behind the name. */
function niceness(): number[] {
  return readdirSync(TASKS).map((id) => {
    const [, rest = ''] = readFileSync(`${TASKS}/${id}/stat`, 'utf8').split(/\)\s(?!.*\))/);
    return Number(rest.split(' ')[16]);
  });
}

async function main(): Promise<void> {
  const own = getPriority();
  const before = niceness();
  await getEngine().load();
  process.stdout.write(
    JSON.stringify({ own, before, after: niceness(), afterwards: getPriority(), threads: inferenceThreads() }),
  );
  await getEngine().close();
}

void main();
