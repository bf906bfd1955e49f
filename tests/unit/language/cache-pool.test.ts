import { CachePool } from '@/lib/language/cache-pool';
import { KvCache } from '@/lib/language/kv-cache';

const SIZES = { layers: 1, kvHeads: 1, headDim: 2, context: 64, vocab: 4, width: 2 };
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
/** A system prompt of 8, a question of 12. */
const prompt = (conversation: number) => [...range(0, 8), ...range(conversation, conversation + 12)];

/** Reads a sequence and gives its cache back; tells which cache it was and how much was there. */
async function read(pool: CachePool, keys: number[]): Promise<{ cache: KvCache; cached: number }> {
  const cache = await pool.acquire(keys, undefined);
  const cached = cache.commonPrefix(keys);
  cache.truncate(cached);
  cache.keys.push(...keys.slice(cached));
  pool.release(cache);
  return { cache, cached };
}

describe('CachePool', () => {
  it('goes on with a conversation, and answers a question again, where it is held', async () => {
    const pool = new CachePool(2, () => new KvCache(SIZES));
    const first = [...prompt(100), ...range(200, 240)];
    const { cache } = await read(pool, first);
    expect(await read(pool, [...first, 300])).toEqual({ cache, cached: 60 });
    expect(await read(pool, prompt(100))).toEqual({ cache, cached: 20 });
  });

  it('does not overwrite a conversation for the system prompt alone, while there is room', async () => {
    const pool = new CachePool(2, () => new KvCache(SIZES));
    const a = await read(pool, [...prompt(100), ...range(200, 240)]);
    const b = await read(pool, prompt(400));
    expect(b.cache).not.toBe(a.cache);
    expect(b.cached).toBe(0);
    // With all taken, the one unused for longest goes.
    expect((await read(pool, [...prompt(600), ...range(700, 720)])).cache).toBe(a.cache);
  });

  it('waits for a cache, and leaves when it is cancelled', async () => {
    const pool = new CachePool(1, () => new KvCache(SIZES));
    const cache = await pool.acquire([1], undefined);
    const controller = new AbortController();
    const cancelled = pool.acquire([2], controller.signal);
    const waiting = pool.acquire([3], undefined);
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    pool.release(cache);
    expect(await waiting).toBe(cache);
  });
});
