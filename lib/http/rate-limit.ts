import { setting } from '@/lib/env';
import { AppError } from './app-error';

/**
 * Token buckets in memory: `burst` requests at once, refilled at `perMinute`. One process serves an installation, so no
 * shared store is needed; a restart fills the buckets. What was refused is not counted.
 */
export type RateRule = {
  /** Requests of one name share buckets; the buckets of another name never take their place. */
  name: string;
  burst: number;
  perMinute: number;
};

/** `fullAt`: when it will be full again, in ms; whatever is full says nothing and can be forgotten. */
type Bucket = { tokens: number; at: number; fullAt: number };

/**
 * Above this many buckets those are dropped that are nearest to being full, so that many addresses can neither fill the
 * memory nor free one that was limited.
 */
const MAX_BUCKETS = 10_000;

/** The buckets of one name. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Takes one token of `key`; returns 0 when there was one, else the seconds until there is. */
  take(key: string, { burst, perMinute }: Omit<RateRule, 'name'>): number {
    const now = this.now();
    const perMs = perMinute / 60_000;
    const bucket = this.buckets.get(key);
    const before = bucket === undefined ? burst : Math.min(burst, bucket.tokens + (now - bucket.at) * perMs);
    const isFree = before >= 1;
    const tokens = isFree ? before - 1 : before;
    if (bucket === undefined) {
      this.makeRoom();
    }
    this.buckets.set(key, { tokens, at: now, fullAt: now + (burst - tokens) / perMs });
    return isFree ? 0 : Math.max(1, Math.ceil((1 - tokens) / perMs / 1000));
  }

  private makeRoom(): void {
    if (this.buckets.size >= MAX_BUCKETS) {
      const nearest = [...this.buckets].sort(([, a], [, b]) => a.fullAt - b.fullAt).slice(0, MAX_BUCKETS / 10);
      nearest.forEach(([key]) => this.buckets.delete(key));
    }
  }
}

// One per process: Next.js may load this module once per route.
const holder = globalThis as typeof globalThis & { looktwiceLimiter?: Map<string, RateLimiter> };

/** Takes one token of the rule's bucket of `key`. @throws AppError too_many_requests, saying how long to wait */
export function limitRate(key: string, rule: RateRule): void {
  const limiters = (holder.looktwiceLimiter ??= new Map());
  const limiter = limiters.get(rule.name) ?? new RateLimiter();
  limiters.set(rule.name, limiter);
  const factor = setting('LOOKTWICE_LIMITS') ?? 1;
  const wait = limiter.take(key, { burst: rule.burst * factor, perMinute: rule.perMinute * factor });
  if (wait > 0) {
    throw new AppError('too_many_requests', `Too many requests: wait ${wait} s`, { retryAfterSeconds: wait });
  }
}
