import { AppError } from './app-error';

/**
 * Token buckets in memory: `burst` requests at once, refilled at `perMinute`. One process serves an installation, so no shared store is needed; a restart fills the
 * buckets. What was refused is not counted.
 */
export type RateRule = {
  /** Requests of one name share a bucket. */
  name: string;
  burst: number;
  perMinute: number;
};

type Bucket = { tokens: number; at: number };

/** Above this many buckets those that were idle longest are dropped, so that many addresses cannot fill the memory. */
const MAX_BUCKETS = 10_000;

export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Takes one token of `key`; returns 0 when there was one, else the seconds until there is. */
  take(key: string, { burst, perMinute }: Omit<RateRule, 'name'>): number {
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 60_000) * perMinute);
    this.makeRoom(key);
    if (tokens < 1) {
      this.buckets.set(key, { tokens, at: now });
      return Math.max(1, Math.ceil(((1 - tokens) / perMinute) * 60));
    }
    this.buckets.set(key, { tokens: tokens - 1, at: now });
    return 0;
  }

  /** Takes the key out, so that it is put back as the latest, and drops the tenth that was idle longest when there are too many. */
  private makeRoom(key: string): void {
    this.buckets.delete(key);
    if (this.buckets.size >= MAX_BUCKETS) {
      for (const idle of [...this.buckets.keys()].slice(0, MAX_BUCKETS / 10)) {
        this.buckets.delete(idle);
      }
    }
  }
}

// One per process: Next.js may load this module once per route.
const holder = globalThis as typeof globalThis & { looktwiceLimiter?: RateLimiter };

/** Takes one token of the rule's bucket of `key`. @throws AppError too_many_requests, saying how long to wait */
export function limitRate(key: string, rule: RateRule): void {
  holder.looktwiceLimiter ??= new RateLimiter();
  const wait = holder.looktwiceLimiter.take(`${rule.name} ${key}`, rule);
  if (wait > 0) {
    throw new AppError('too_many_requests', `Too many requests: wait ${wait} s`, { retryAfterSeconds: wait });
  }
}
