import { auroc, averagePrecision, f1Max } from './ranking';
import { sortedByScore, type ThresholdCounts } from './threshold-counts';
import { seededRandom } from '@/lib/common/random';

/** A two-sided percentile interval. */
export type Interval = { low: number; high: number };

/** One value of each image metric per resample, in resampling order. */
export type BootstrapSamples = { auroc: Float64Array; averagePrecision: Float64Array; f1Max: Float64Array };

/**
 * Resamples images with replacement, normal and anomalous ones apart (so that no resample loses a class), and
 * recomputes the image metrics of each.
 *
 * @param scores one per image
 * @param labels 0 or 1
 * @param resamples how many
 * @param seed the same seed gives the same samples
 * @returns null if one class is absent
 */
export function bootstrapImageMetrics(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  resamples: number,
  seed: number,
): BootstrapSamples | null {
  const order = sortedByScore(scores);
  const ranks = { normal: [] as number[], anomalous: [] as number[] };
  order.forEach((sample, rank) => (labels[sample] === 1 ? ranks.anomalous : ranks.normal).push(rank));
  if (ranks.normal.length === 0 || ranks.anomalous.length === 0) {
    return null;
  }
  const sorted = Float64Array.from(order, (sample) => scores[sample] as number);
  const isAnomalous = Uint8Array.from(order, (sample) => (labels[sample] === 1 ? 1 : 0));
  const random = seededRandom(seed);
  const samples = {
    auroc: new Float64Array(resamples),
    averagePrecision: new Float64Array(resamples),
    f1Max: new Float64Array(resamples),
  };
  const weights = new Uint32Array(order.length);
  for (let round = 0; round < resamples; round += 1) {
    weights.fill(0);
    for (const group of [ranks.normal, ranks.anomalous]) {
      for (let draw = 0; draw < group.length; draw += 1) {
        const rank = group[Math.floor(random() * group.length)] as number;
        weights[rank] = (weights[rank] as number) + 1;
      }
    }
    const counts = weightedCounts(sorted, isAnomalous, weights);
    samples.auroc[round] = auroc(counts) as number;
    samples.averagePrecision[round] = averagePrecision(counts) as number;
    samples.f1Max[round] = f1Max(counts)?.value as number;
  }
  return samples;
}

/** The central interval of a set of resampled values, by linear interpolation between order statistics. */
export function percentileInterval(values: Float64Array, confidence = 0.95): Interval {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const low = sorted[below] as number;
    const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
    return low + (high - low) * (position - below);
  };
  return { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** The interval of a mean over parts (categories), each part resampled on its own. */
export function meanInterval(parts: readonly Float64Array[], confidence = 0.95): Interval | null {
  const [first] = parts;
  if (!first) {
    return null;
  }
  const means = first.map((_, round) => parts.reduce((sum, part) => sum + (part[round] as number), 0) / parts.length);
  return percentileInterval(means, confidence);
}

function weightedCounts(sorted: Float64Array, isAnomalous: Uint8Array, weights: Uint32Array): ThresholdCounts {
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let positives = 0;
  let negatives = 0;
  for (let rank = 0; rank < sorted.length; rank += 1) {
    const weight = weights[rank] as number;
    positives += isAnomalous[rank] === 1 ? weight : 0;
    negatives += isAnomalous[rank] === 1 ? 0 : weight;
    if (rank === sorted.length - 1 || sorted[rank + 1] !== sorted[rank]) {
      thresholds.push(sorted[rank] as number);
      truePositives.push(positives);
      falsePositives.push(negatives);
    }
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
    positives,
    negatives,
  };
}
