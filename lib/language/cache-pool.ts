import { EngineError } from '@/lib/engine/errors';
import type { KvCache } from './kv-cache';
import type { PositionKey } from './prompt';

/** Share of a sequence that makes it the same conversation. */
const MOST = 0.75;

/**
 * A few KV caches shared by all conversations. A sequence gets the free cache that already holds most of it; when none
 * holds any of it, the one unused for longest.
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

  /** How many caches are in use. */
  get taken(): number {
    return this.created - this.free.length;
  }

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
      await this.released(signal);
    }
  }

  release(cache: KvCache): void {
    this.free.push(cache);
    this.waiting.shift()?.();
  }

  /** Waits until a cache is released; one who leaves does not stand in another's way. */
  private released(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(wake), 1);
        resolve();
      };
      const wake = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      this.waiting.push(wake);
      signal?.addEventListener('abort', leave, { once: true });
    });
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
    // The system prompt is common to all: sharing no more than that is not worth overwriting another conversation. A
    // question that is answered again shares nearly all of its prompt, however long the first answer was.
    const held = this.free[best]?.keys.length ?? 0;
    const sharesConversation = longest > 0 && (longest >= held / 2 || longest >= keys.length * MOST);
    if (!sharesConversation && this.created < this.size) {
      this.created += 1;
      return this.create();
    }
    return this.free.splice(sharesConversation ? best : 0, 1)[0];
  }
}
