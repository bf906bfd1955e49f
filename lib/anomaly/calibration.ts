import type { CalibrationManifest } from '@/lib/engine/manifest';

/** How suspicious an image is, in the words of Anomaly-OV's prompt (section 3.3). */
export type Bucket = 'slightly' | 'moderately' | 'highly';

const EDGE = 1e-6;

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The inverse of the sigmoid; scores at the very ends stay finite. */
export function logit(score: number): number {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, score));
  return Math.log(inside / (1 - inside));
}

/** A logit as a calibrated probability: sigmoid((logit - bias) / temperature). */
export function calibrateLogit(value: number, { bias, temperature }: CalibrationManifest): number {
  return sigmoid((value - bias) / temperature);
}

/** The bucket of a calibrated score. */
export function bucketOf(score: number, { buckets }: Pick<CalibrationManifest, 'buckets'>): Bucket {
  if (score < buckets[0]) {
    return 'slightly';
  }
  return score < buckets[1] ? 'moderately' : 'highly';
}
