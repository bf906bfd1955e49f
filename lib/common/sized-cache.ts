import { LRUCache } from 'lru-cache';

/**
 * A cache that evicts the least recently used values once their sizes add up to more than `capacity`. The newest value
 * stays even when it alone is larger.
 *
 * @param sizeOf the size of a value, in the unit of `capacity` (bytes, characters)
 */
export function sizedCache<Value extends object>(
  capacity: number,
  sizeOf: (value: Value) => number,
): LRUCache<string, Value> {
  // The package refuses values that are larger than the whole cache, and takes positive integers alone.
  const clamp = (size: number) => Math.min(capacity, Math.max(1, Math.ceil(size)));
  return new LRUCache<string, Value>({ maxSize: capacity, sizeCalculation: (value) => clamp(sizeOf(value)) });
}
