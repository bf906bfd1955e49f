import { EngineError } from '@/lib/engine/errors';
import type { KvCache } from './kv-cache';
import type { PositionKey } from './prompt';

/**
 * A few KV caches shared by all conversations. A sequence gets the free cache that already holds most of it; when none holds any of it,
 * the one unused for longest.
 */
export class CachePool {
  /** Free caches, the one unused for longest first. */
  private readonly free: KvCache[] = [];
  private created = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly size: number,
    private readonly create: () => KvCache,
  ) {}

  /**
   * Takes a cache, waiting until one is free; give it back with `release`.
   * @throws EngineError `cancelled` when the signal is aborted
   */
  async acquire(keys: readonly PositionKey[], signal: AbortSignal | undefined): Promise<KvCache> {
    for (;;) {
      if (signal?.aborted === true) {
        throw new EngineError('cancelled', 'The work was cancelled.');
      }
      const cache = this.take(keys);
      if (cache !== undefined) {
        return cache;
      }
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  release(cache: KvCache): void {
    this.free.push(cache);
    this.waiting.shift()?.();
  }

  private take(keys: readonly PositionKey[]): KvCache | undefined {
    let best = 0;
    let longest = 0;
    this.free.forEach((cache, index) => {
      const common = cache.commonPrefix(keys);
      if (common > longest) {
        best = index;
        longest = common;
      }
    });
    // The system prompt is common to all: sharing no more than that is not worth overwriting another conversation.
    const sharesConversation = longest > 0 && longest >= (this.free[best]?.keys.length ?? 0) / 2;
    if (!sharesConversation && this.created < this.size) {
      this.created += 1;
      return this.create();
    }
    return this.free.splice(sharesConversation ? best : 0, 1)[0];
  }
}
