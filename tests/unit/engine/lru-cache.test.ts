import fc from 'fast-check';
import { LruCache } from '@/lib/engine/lru-cache';

describe('the LRU cache', () => {
  it('forgets what was not used for the longest time', () => {
    const cache = new LruCache<string>(3, () => 1);
    ['a', 'b', 'c'].forEach((key) => cache.set(key, key));
    cache.get('a');
    cache.set('d', 'd');
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual(['a', undefined, 'c', 'd']);
  });

  it('stays within its capacity, except for a single entry that is larger, and keeps the newest', () => {
    const operation = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const cache = new LruCache<number>(10, (value) => value);
        for (const [key, value] of operations) {
          cache.set(key, value);
          expect(cache.get(key)).toBe(value);
          expect(cache.size).toBeLessThanOrEqual(Math.max(10, value));
        }
      }),
    );
  });
});
