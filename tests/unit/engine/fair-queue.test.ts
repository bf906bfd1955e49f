import { FairQueue } from '@/lib/engine/fair-queue';

/** A promise with its handles outside. */
function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe('the fair queue', () => {
  it('takes turns between keys', async () => {
    const queue = new FairQueue(10);
    const gate = deferred();
    const order: string[] = [];
    const first = queue.run('a', () => gate.promise);
    const rest = ['a1', 'a2', 'a3', 'b1', 'c1', 'c2'].map((name) =>
      queue.run(name.charAt(0), () => Promise.resolve(order.push(name))),
    );
    expect(queue.length).toBe(6);
    gate.resolve();
    await Promise.all([first, ...rest]);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    expect(queue.isBusy).toBe(false);
  });

  it('runs one job at a time, also when one is added as another ends', async () => {
    const queue = new FairQueue(10);
    let running = 0;
    const job = async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all([
      queue.run('a', job).then(() => queue.run('a', job)),
      queue.run('b', job).then(() => queue.run('c', job)),
      queue.run('b', job),
    ]);
  });

  it('tells positions as they change', async () => {
    const queue = new FairQueue(10);
    const gate = deferred();
    const positions: number[] = [];
    const first = queue.run('a', () => gate.promise);
    const second = queue.run('b', () => Promise.resolve());
    const third = queue.run('c', () => Promise.resolve(), { onPosition: (position) => positions.push(position) });
    gate.resolve();
    await Promise.all([first, second, third]);
    expect(positions).toEqual([2, 1, 0]);
  });

  it('refuses more than it holds', async () => {
    const queue = new FairQueue(1);
    const gate = deferred();
    const first = queue.run('a', () => gate.promise);
    const second = queue.run('b', () => Promise.resolve('done'));
    await expect(queue.run('c', () => Promise.resolve())).rejects.toMatchObject({ code: 'queue_full' });
    gate.resolve();
    await first;
    await expect(second).resolves.toBe('done');
  });

  it('lets waiting jobs leave when they are cancelled', async () => {
    const queue = new FairQueue(10);
    const gate = deferred();
    const controller = new AbortController();
    const first = queue.run('a', () => gate.promise);
    const work = jest.fn(() => Promise.resolve());
    const second = queue.run('b', work, { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    expect(queue.length).toBe(0);
    gate.resolve();
    await first;
    expect(work).not.toHaveBeenCalled();
  });

  it('goes on after a job that failed', async () => {
    const queue = new FairQueue(10);
    const first = queue.run('a', () => Promise.reject(new Error('broken')));
    const second = queue.run('b', () => Promise.resolve('fine'));
    await expect(first).rejects.toThrow('broken');
    await expect(second).resolves.toBe('fine');
  });
});
