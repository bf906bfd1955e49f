import { type ThresholdCounts } from './threshold-counts';

// Areas are sums of many fractions, which may pass 1 by the last bit; they are cut off there.

/** A point of a curve; both coordinates in 0..1. */
export type CurvePoint = { x: number; y: number };

/**
 * Area under the ROC curve: the chance that an anomalous sample scores above a normal one, ties counting half.
 *
 * @returns 0..1, or null if one class is absent (the measure is then undefined)
 */
export function auroc(counts: ThresholdCounts): number | null {
  const { truePositives, falsePositives, positives, negatives } = counts;
  if (positives === 0 || negatives === 0) {
    return null;
  }
  let area = 0;
  let lastTrue = 0;
  let lastFalse = 0;
  for (let step = 0; step < truePositives.length; step += 1) {
    const here = truePositives[step] as number;
    const wrong = falsePositives[step] as number;
    area += ((here + lastTrue) / 2 / positives) * ((wrong - lastFalse) / negatives);
    lastTrue = here;
    lastFalse = wrong;
  }
  return Math.min(1, area);
}

/**
 * Average precision: the precision at each threshold weighted by the recall it adds (no interpolation).
 *
 * @returns 0..1, or null if one class is absent
 */
export function averagePrecision(counts: ThresholdCounts): number | null {
  const { truePositives, falsePositives, positives, negatives } = counts;
  if (positives === 0 || negatives === 0) {
    return null;
  }
  let sum = 0;
  let lastTrue = 0;
  for (let step = 0; step < truePositives.length; step += 1) {
    const here = truePositives[step] as number;
    if (here > lastTrue) {
      sum += ((here - lastTrue) / positives) * (here / (here + (falsePositives[step] as number)));
      lastTrue = here;
    }
  }
  return Math.min(1, sum);
}

/**
 * The best F1 over all thresholds, and the threshold (predict anomalous at `score >= threshold`) that reaches it.
 *
 * @returns F1 in 0..1; null if one class is absent
 */
export function f1Max(counts: ThresholdCounts): { value: number; threshold: number } | null {
  const { thresholds, truePositives, falsePositives, positives, negatives } = counts;
  if (positives === 0 || negatives === 0) {
    return null;
  }
  let value = -1;
  let threshold = Number.POSITIVE_INFINITY;
  for (let step = 0; step < thresholds.length; step += 1) {
    const right = truePositives[step] as number;
    const f1 = (2 * right) / (right + (falsePositives[step] as number) + positives);
    if (f1 > value) {
      value = f1;
      threshold = thresholds[step] as number;
    }
  }
  return { value, threshold };
}

/**
 * The ROC curve for drawing: false positive rate along x, true positive rate along y, from (0,0) to (1,1).
 *
 * @param limit at most about this many points; the corner points of a short curve are all kept
 */
export function rocCurve(counts: ThresholdCounts, limit = 256): CurvePoint[] {
  const { truePositives, falsePositives, positives, negatives } = counts;
  if (positives === 0 || negatives === 0) {
    return [];
  }
  const points = [{ x: 0, y: 0 }];
  const resolution = 1 / limit;
  for (let step = 0; step < truePositives.length; step += 1) {
    const point = { x: (falsePositives[step] as number) / negatives, y: (truePositives[step] as number) / positives };
    const last = points[points.length - 1] as CurvePoint;
    const isLast = step === truePositives.length - 1;
    if (isLast || truePositives.length <= limit || point.x - last.x + point.y - last.y >= resolution) {
      points.push(point);
    }
  }
  return points;
}
