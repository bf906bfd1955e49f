/**
 * Every test of a file starts with the rate limits untouched: what they refuse is tests/unit/http/rate-limit's
 * business.
 */
export function useFullBuckets(): void {
  beforeEach(() => {
    delete (globalThis as { looktwiceLimiter?: unknown }).looktwiceLimiter;
  });
}
