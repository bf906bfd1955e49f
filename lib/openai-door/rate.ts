import type { RateRule } from '@/lib/http/rate-limit';

/** Programs ask more often than people; what waits for the engine is bounded by its queue besides. */
export const doorRate: RateRule = { name: 'v1', burst: 200, perMinute: 120 };
