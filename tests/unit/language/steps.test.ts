import { setImmediate as nextTurn } from 'node:timers/promises';
import { KvCache } from '@/lib/language/kv-cache';
import { type Step, Steps } from '@/lib/language/steps';

const SIZES = { layers: 1, kvHeads: 1, headDim: 2, context: 64, vocab: 4, width: 2 };

/** Steps of which each run is noted: the tokens that it appended. */
function recorded(isShared = () => true, fail: (ids: number[]) => boolean = () => false) {
  const runs: number[][] = [];
  const idsOf = (steps: readonly Step[]) => steps.map(({ source }) => ('id' in source ? source.id : NaN));
  const run = async (steps: readonly Step[]) => {
    const ids = idsOf(steps);
    runs.push(ids);
    await nextTurn();
    if (fail(ids)) {
      throw new Error(`failed: ${ids.join(' ')}`);
    }
    steps.forEach(({ cache }, i) => cache.keys.push(ids[i] ?? NaN));
  };
  return { runs, steps: new Steps((step) => run([step]), run, isShared) };
}

/** An answer of so many tokens, chosen in a turn of its own each, as `Generation` does. */
async function answer(steps: Steps, first: number, count: number, underWay?: number): Promise<number[]> {
  const cache = new KvCache(SIZES);
  for (let i = 0; i < count; i += 1) {
    await nextTurn();
    await steps.run({ cache, source: { id: first + i }, underWay });
  }
  return cache.keys.map(Number);
}

describe('Steps', () => {
  it('runs the steps of several answers together, each in its own order', async () => {
    const { runs, steps } = recorded();
    const said = await Promise.all([answer(steps, 100, 4), answer(steps, 200, 2), answer(steps, 300, 4)]);
    expect(said).toEqual([[100, 101, 102, 103], [200, 201], [300, 301, 302, 303]]); // prettier-ignore
    expect(runs).toEqual([[100, 200, 300], [101, 201, 301], [102, 302], [103, 303]]); // prettier-ignore
  });

  it('takes in an answer that begins later, at the next step', async () => {
    const { runs, steps } = recorded();
    const first = answer(steps, 100, 12);
    while (runs.length < 3) {
      await nextTurn();
    }
    await Promise.all([first, answer(steps, 200, 3)]);
    expect(runs.filter((run) => run.length === 2)).toHaveLength(3);
  });

  it('waits for nobody who does something else', async () => {
    const { runs, steps } = recorded();
    // The second answer is in the middle of something that never ends.
    void answer(steps, 200, 1).then(() => new Promise(() => {}));
    expect(await answer(steps, 100, 3)).toEqual([100, 101, 102]);
    expect(runs.at(-1)).toEqual([102]);
  });

  it('tells those whose step failed, and goes on for the others', async () => {
    const { steps } = recorded(
      () => true,
      (ids) => ids.includes(101),
    );
    const failed = expect(Promise.all([answer(steps, 100, 3), answer(steps, 200, 3)])).rejects.toThrow('failed');
    await failed;
    expect(await answer(steps, 300, 2)).toEqual([300, 301]);
  });

  describe('while somebody goes first', () => {
    it('lets those wait who have many more answers under way, and nobody else', async () => {
      const { runs, steps } = recorded();
      const end = steps.goFirst(1);
      const flood = answer(steps, 100, 2, 8);
      expect(await answer(steps, 200, 3, 2)).toEqual([200, 201, 202]);
      expect(await answer(steps, 300, 1)).toEqual([300]);
      expect(runs.flat()).not.toContain(100);
      end();
      expect(await flood).toEqual([100, 101]);
    });

    it('goes on once all who go first are through', async () => {
      const { runs, steps } = recorded();
      const ends = [steps.goFirst(1), steps.goFirst(2)];
      const flood = answer(steps, 100, 1, 8);
      ends[0]?.();
      for (let i = 0; i < 10; i += 1) {
        await nextTurn();
      }
      expect(runs).toEqual([]);
      ends[1]?.();
      expect(await flood).toEqual([100]);
    });

    it('waits for nobody for ever', async () => {
      jest.useFakeTimers({ doNotFake: ['setImmediate'] });
      try {
        const { steps } = recorded();
        steps.goFirst(1);
        const flood = answer(steps, 100, 1, 8);
        jest.advanceTimersByTime(10_000);
        expect(await flood).toEqual([100]);
      } finally {
        jest.useRealTimers();
      }
    });
  });
});
