import { JobQueue } from '@/lib/datasets/jobs/job-queue';

const never = () => {
  throw new Error('No job fails here.');
};

test('people have turns, however many jobs one of them has', async () => {
  const done: string[] = [];
  let finish = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const queue = new JobQueue(async (id) => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push(id);
    if (done.length === 6) {
      finish();
    }
  }, never);
  for (const id of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1']) {
    queue.push(id, id.charAt(0));
  }
  await all;
  expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'a3', 'a4']);
});

test('a job that waits or runs is taken once, and a stopped one not at all', async () => {
  const done: string[] = [];
  const queue = new JobQueue(async (id) => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push(id);
  }, never);
  queue.push('a1', 'a');
  queue.push('a1', 'a');
  queue.push('a2', 'a');
  queue.push('a2', 'a');
  queue.push('a3', 'a');
  await queue.stop('a2');
  while (done.length < 2) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await queue.close();
  expect(done).toEqual(['a1', 'a3']);
});
