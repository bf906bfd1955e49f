import fc from 'fast-check';
import { sizedCache } from '@/lib/common/sized-cache';

type Value = { size: number };

it('evicts what was not used for the longest time', () => {
  const cache = sizedCache<Value>(3, ({ size }) => size);
  ['a', 'b', 'c'].forEach((key) => cache.set(key, { size: 1 }));
  cache.get('a');
  cache.set('d', { size: 1 });
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.has(key))).toEqual(['a', 'c', 'd']);
});

it('stays within its capacity, except for a single value that is larger, and keeps the newest', () => {
  const operation = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.float({ min: 0, max: 12, noNaN: true }));
  fc.assert(
    fc.property(fc.array(operation), (operations) => {
      const cache = sizedCache<Value>(10, ({ size }) => size);
      for (const [key, size] of operations) {
        const value = { size };
        cache.set(key, value);
        expect(cache.get(key)).toBe(value);
        const total = [...cache.values()].reduce((sum, kept) => sum + kept.size, 0);
        expect(total).toBeLessThanOrEqual(Math.max(10, size));
      }
    }),
  );
});
