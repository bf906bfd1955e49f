import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { mapInOrder } from '@/lib/common/in-order';

describe('mapInOrder', () => {
  it('gives results in order and never runs more than it may', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), async (delays, most) => {
        let running = 0;
        let peak = 0;
        const results = await mapInOrder(delays, most, async (delay, index) => {
          running += 1;
          peak = Math.max(peak, running);
          await sleep(delay);
          running -= 1;
          return index;
        });
        expect(results).toEqual(delays.map((_, index) => index));
        expect(peak).toBeLessThanOrEqual(most);
      }),
      { numRuns: 30 },
    );
  });

  it('starts nothing after an error and waits for what runs', async () => {
    const ended: number[] = [];
    const work = mapInOrder([0, 1, 2, 3], 2, async (item) => {
      if (item === 1) {
        throw new Error('one');
      }
      await sleep(5);
      ended.push(item);
    });
    await expect(work).rejects.toThrow('one');
    expect(ended).toEqual([0]);
  });
});
