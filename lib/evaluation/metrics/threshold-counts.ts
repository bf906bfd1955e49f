/**
 * What every threshold metric is computed from: at each distinct threshold, from the highest down, how many positives
 * and negatives score at least that much. Equal scores share one threshold, which is what makes ties come out right.
 */
export type ThresholdCounts = {
  /** Distinct thresholds, strictly falling. */
  thresholds: Float64Array;
  /** Positives scoring >= the threshold; rises to `positives`. */
  truePositives: Float64Array;
  /** Negatives scoring >= the threshold; rises to `negatives`. */
  falsePositives: Float64Array;
  positives: number;
  negatives: number;
};

/**
 * Groups scores by value and counts, exactly.
 *
 * @param scores one finite score per sample, any range, higher is more anomalous
 * @param labels 1 anomalous, 0 normal, as many as `scores`
 * @throws RangeError if the lengths differ, a score is not finite or a label is neither 0 nor 1
 */
export function countByThreshold(scores: ArrayLike<number>, labels: ArrayLike<number>): ThresholdCounts {
  if (scores.length !== labels.length) {
    throw new RangeError(`There are ${scores.length} scores but ${labels.length} labels; give one label per score.`);
  }
  const order = sortedByScore(scores);
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let positives = 0;
  let negatives = 0;
  for (let rank = 0; rank < order.length; rank += 1) {
    const sample = order[rank] as number;
    const label = labels[sample];
    if (label === 1) {
      positives += 1;
    } else if (label === 0) {
      negatives += 1;
    } else {
      throw new RangeError(`Label ${sample} is ${String(label)}; labels are 0 (normal) or 1 (anomalous).`);
    }
    const score = scores[sample] as number;
    const next = order[rank + 1];
    if (next === undefined || scores[next] !== score) {
      thresholds.push(score);
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

/** Sample indices from the highest score to the lowest. */
export function sortedByScore(scores: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(scores.length);
  for (let sample = 0; sample < scores.length; sample += 1) {
    if (!Number.isFinite(scores[sample])) {
      throw new RangeError(`Score ${sample} is ${String(scores[sample])}; scores must be finite numbers.`);
    }
    order[sample] = sample;
  }
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number));
}
