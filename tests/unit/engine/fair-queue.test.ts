import { FairQueue } from '@/lib/engine/fair-queue';
import { queueKey } from '@/lib/engine/rounds';

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
    // Who had the turn before comes last of those who wait.
    expect(order).toEqual(['b1', 'c1', 'a1', 'c2', 'a2', 'a3']);
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
    await expect(queue.run('b', () => Promise.resolve())).rejects.toMatchObject({ code: 'queue_full' });
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

  it('takes turns between people first, then between what each of them asks', async () => {
    const queue = new FairQueue(200);
    const gate = deferred();
    const order: string[] = [];
    const first = queue.run(queueKey('ada', 'c0'), () => gate.promise);
    const add = (person: string, thing: string) =>
      queue.run(queueKey(person, thing), () => Promise.resolve(order.push(`${person} ${thing}`)));
    const rest = Array.from({ length: 135 }, (_, i) => add('ada', `c${i}`));
    rest.push(add('bob', 'x'), add('bob', 'y'), add('cem', 'z'));
    gate.resolve();
    await Promise.all([first, ...rest]);
    expect(order.slice(0, 6)).toEqual(['bob x', 'cem z', 'ada c0', 'bob y', 'ada c1', 'ada c2']);
  });

  it('tells people their place as the turns will be', async () => {
    const queue = new FairQueue(200);
    const gate = deferred();
    const first = queue.run(queueKey('ada', 'c'), () => gate.promise);
    const flood = Array.from({ length: 50 }, (_, i) => queue.run(queueKey('ada', `c${i}`), () => Promise.resolve()));
    const positions: number[] = [];
    const mine = queue.run(queueKey('bob', 'x'), () => Promise.resolve(), {
      onPosition: (position) => positions.push(position),
    });
    // Next, when the running one has ended.
    expect(positions).toEqual([1]);
    gate.resolve();
    await Promise.all([first, ...flood, mine]);
  });

  it('who comes in stands before who has just had a turn, and behind all others', async () => {
    const queue = new FairQueue(200);
    const gate = deferred();
    const order: string[] = [];
    const add = (person: string) => queue.run(person, () => Promise.resolve(order.push(person)));
    const first = queue.run('ada', () => gate.promise);
    const all = [add('ada'), add('ada'), add('bob'), add('bob'), add('bob')];
    // While Eve has her turn, Cem and Dee come.
    const during = queue.run('eve', () => {
      order.push('eve');
      all.push(add('cem'), add('dee'));
      return Promise.resolve();
    });
    gate.resolve();
    await Promise.all([first, during]);
    await Promise.all(all);
    expect(order).toEqual(['bob', 'eve', 'ada', 'bob', 'cem', 'dee', 'ada', 'bob']);
  });

  it('has room for others when one person has filled it', async () => {
    const queue = new FairQueue(20);
    const gate = deferred();
    const all = [queue.run('ada', () => gate.promise)];
    for (let i = 0; i < 20; i += 1) {
      all.push(queue.run(queueKey('ada', `c${i}`), () => Promise.resolve()));
    }
    await expect(queue.run(queueKey('ada', 'more'), () => Promise.resolve())).rejects.toMatchObject({
      code: 'queue_full',
    });
    all.push(queue.run(queueKey('bob', 'x'), () => Promise.resolve()));
    gate.resolve();
    await Promise.all(all);
  });

  it('runs as many at once as it is wide, and of one person no more than it may', async () => {
    const queue = new FairQueue(20, 2, 1);
    const gates = new Map(['a1', 'a2', 'b1', 'c1'].map((name) => [name, deferred()]));
    const started: string[] = [];
    const jobs = [...gates].map(([name, gate]) =>
      queue.run(name.charAt(0), () => {
        started.push(name);
        return gate.promise;
      }),
    );
    await Promise.resolve();
    expect(started).toEqual(['a1', 'b1']);
    gates.get('b1')?.resolve();
    await jobs[2];
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual(['a1', 'b1', 'c1']);
    ['a1', 'c1', 'a2'].forEach((name) => gates.get(name)?.resolve());
    await Promise.all(jobs);
    expect(started).toEqual(['a1', 'b1', 'c1', 'a2']);
  });
});

describe('jobs that step aside', () => {
  /** A job that steps aside at once and ends when it is told to. */
  function aside(queue: FairQueue, key: string, started: string[], options = {}) {
    const gate = deferred();
    const done = queue.run(
      key,
      async (stepAside) => {
        started.push(key);
        stepAside();
        await gate.promise;
      },
      options,
    );
    return { end: gate.resolve, done };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('let the next one start, count as busy, and as one of their person’s', async () => {
    const queue = new FairQueue(10);
    const started: string[] = [];
    const [a, b] = [aside(queue, 'ada\n1', started), aside(queue, 'bob\n1', started)];
    await turn();
    expect(started).toEqual(['ada\n1', 'bob\n1']);
    expect(queue.isBusy).toBe(true);
    expect(queue.underWay('ada\n2')).toBe(1);
    a.end();
    b.end();
    await Promise.all([a.done, b.done]);
    expect(queue.isBusy).toBe(false);
    expect(queue.underWay('ada\n2')).toBe(0);
  });

  it('are no more than may be, of all and of one person; the room that is left is for others', async () => {
    const queue = new FairQueue(10, 1, 1, { all: 3, perPerson: 2 });
    const started: string[] = [];
    const ada = ['1', '2', '3', '4'].map((thing) => aside(queue, `ada\n${thing}`, started));
    await turn();
    expect(started).toEqual(['ada\n1', 'ada\n2']);
    const bob = aside(queue, 'bob\n1', started);
    const cem = aside(queue, 'cem\n1', started);
    await turn();
    expect(started).toEqual(['ada\n1', 'ada\n2', 'bob\n1']);
    // People have turns: Ada waited before Cem came.
    ada[0]?.end();
    await turn();
    ada[1]?.end();
    await turn();
    expect(started.slice(3)).toEqual(['ada\n3', 'cem\n1']);
    bob.end();
    await turn();
    expect(started.at(-1)).toBe('ada\n4');
    [...ada, cem].forEach(({ end }) => end());
    await Promise.all([...ada, bob, cem].map(({ done }) => done));
    expect(queue.isBusy).toBe(false);
  });

  it('keep background work waiting', async () => {
    const queue = new FairQueue(10);
    const started: string[] = [];
    const speaking = aside(queue, 'ada\n1', started);
    const background = aside(queue, 'bob\nbatch', started, { background: true });
    await turn();
    expect(started).toEqual(['ada\n1']);
    speaking.end();
    await turn();
    expect(started).toEqual(['ada\n1', 'bob\nbatch']);
    background.end();
    await Promise.all([speaking.done, background.done]);
  });

  it('make room again when they fail', async () => {
    const queue = new FairQueue(10, 1, 1, { all: 1, perPerson: 1 });
    const failing = queue.run('ada\n1', (stepAside) => {
      stepAside();
      return Promise.reject(new Error('broken'));
    });
    await expect(failing).rejects.toThrow('broken');
    await expect(queue.run('ada\n2', () => Promise.resolve('fine'))).resolves.toBe('fine');
  });
});
