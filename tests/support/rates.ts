/**
 * Each test starts with full buckets (lib/http/rate-limit), however many requests the ones before it made and however
 * fast the machine is.
 */
export function useFreshRates(): void {
  beforeEach(() => {
    delete (globalThis as { looktwiceLimiter?: unknown }).looktwiceLimiter;
  });
}
