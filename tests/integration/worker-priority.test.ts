import { readFileSync, readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { inferenceThreads } from '@/lib/engine/session';
import { getEngine } from '@/lib/engine/worker/client';

jest.setTimeout(600_000);
afterAll(() => getEngine().close());

const TASKS = '/proc/self/task';

/** The niceness of every thread of this process: field 19 of proc_pid_stat(5), the 17th behind the name. */
function niceness(): number[] {
  return readdirSync(TASKS).map((id) => {
    const [, rest = ''] = readFileSync(`${TASKS}/${id}/stat`, 'utf8').split(/\)\s(?!.*\))/);
    return Number(rest.split(' ')[16]);
  });
}

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('gives way to the server with the threads that infer, and with no other', async () => {
  const own = getPriority();
  const before = niceness();
  expect(before.every((nice) => nice === own)).toBe(true);
  await getEngine().load();
  const after = niceness();
  // The engine's thread computes too, so that ONNX Runtime starts one less for each graph.
  expect(after.filter((nice) => nice === own + 5).length).toBeGreaterThanOrEqual(inferenceThreads());
  expect(after.filter((nice) => nice === own).length).toBeGreaterThanOrEqual(before.length);
  expect(getPriority()).toBe(own);
});
