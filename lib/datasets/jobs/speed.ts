import type { JobState } from '../contract';

type Work = { state: JobState; done: number; total: number | null; activeMs: number };

/**
 * Items done per second of work, and how long the rest takes a running job at that speed; null where that is not known.
 */
export function speedOf({ state, done, total, activeMs }: Work): {
  perSecond: number | null;
  etaSeconds: number | null;
} {
  const perSecond = done > 0 && activeMs > 0 ? done / (activeMs / 1000) : null;
  const isKnown = state === 'running' && perSecond !== null && total !== null;
  return { perSecond, etaSeconds: isKnown ? Math.max(0, Math.round((total - done) / perSecond)) : null };
}
