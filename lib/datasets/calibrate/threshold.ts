import type { ThresholdMetrics } from '../contract';

export type Scored = { score: number; anomalous: boolean };

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** Quality of the decision `score >= threshold`. */
export function metricsAt(items: readonly Scored[], threshold: number): ThresholdMetrics {
  const count = (anomalous: boolean, flagged: boolean) =>
    items.filter((item) => item.anomalous === anomalous && item.score >= threshold === flagged).length;
  const [hits, misses, alarms, passes] = [
    count(true, true),
    count(true, false),
    count(false, true),
    count(false, false),
  ];
  const recall = ratio(hits, hits + misses);
  const specificity = ratio(passes, passes + alarms);
  return {
    threshold,
    accuracy: ratio(hits + passes, items.length) ?? 0,
    balancedAccuracy: recall === null || specificity === null ? null : (recall + specificity) / 2,
    precision: ratio(hits, hits + alarms),
    recall,
    f1: ratio(2 * hits, 2 * hits + misses + alarms),
  };
}

/**
 * The threshold with the best balanced accuracy: half-way between two scores, of equal ones the middle. Undefined when
 * a class is missing.
 */
export function bestThreshold(items: readonly Scored[]): number | undefined {
  const positives = items.filter(({ anomalous }) => anomalous).length;
  const negatives = items.length - positives;
  if (positives === 0 || negatives === 0) {
    return undefined;
  }
  const sorted = [...items].sort((a, b) => a.score - b.score);
  // Below everything: all are flagged.
  let [missed, passed] = [0, 0];
  let best = { quality: 1, from: 0, to: sorted[0]?.score ?? 0 };
  sorted.forEach((item, i) => {
    missed += item.anomalous ? 1 : 0;
    passed += item.anomalous ? 0 : 1;
    const next = sorted[i + 1]?.score ?? 1;
    if (next > item.score) {
      const quality = (positives - missed) / positives + passed / negatives;
      if (quality > best.quality + 1e-12) {
        best = { quality, from: item.score, to: next };
      } else if (Math.abs(quality - best.quality) <= 1e-12) {
        best = { ...best, to: next };
      }
    }
  });
  return (best.from + best.to) / 2;
}

/** Chance that an anomalous item scores above a normal one; null when a class is missing. */
export function rankQuality(items: readonly Scored[]): number | null {
  const sorted = [...items].sort((a, b) => a.score - b.score);
  const positives = sorted.filter(({ anomalous }) => anomalous).length;
  const negatives = sorted.length - positives;
  if (positives === 0 || negatives === 0) {
    return null;
  }
  let [won, below] = [0, 0];
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) {
      to += 1;
    }
    const tied = sorted.slice(from, to);
    const tiedPositives = tied.filter(({ anomalous }) => anomalous).length;
    won += tiedPositives * (below + (tied.length - tiedPositives) / 2);
    below += tied.length - tiedPositives;
  }
  return won / (positives * negatives);
}
