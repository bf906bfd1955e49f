import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

jest.setTimeout(600_000);
const run = promisify(execFile);

const numbers = z.array(z.number());
const reportSchema = z.object({
  ...{ own: z.number(), before: numbers, after: numbers, afterwards: z.number(), threads: z.number() },
});

const onLinux = process.platform === 'linux' ? it : it.skip;

// In a process of its own: this one has threads of the engines of other files.
onLinux('gives way to the server with the threads that infer, and with no other', async () => {
  const script = join(process.cwd(), 'tests/support/thread-niceness.ts');
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script]);
  const { own, before, after, afterwards, threads } = reportSchema.parse(JSON.parse(stdout));
  const count = (all: number[], niceness: number) => all.filter((each) => each === niceness).length;
  expect(count(before, own)).toBe(before.length);
  // The engine's thread computes too, so that ONNX Runtime starts one less for each graph.
  expect(count(after, own + 5)).toBeGreaterThanOrEqual(threads);
  expect(count(after, own)).toBeGreaterThanOrEqual(before.length);
  expect(afterwards).toBe(own);
});
