import { setImmediate as nextTurn } from 'node:timers/promises';

/** Rows between which others get their turn: the work runs in the server's thread. */
const ROWS_AT_ONCE = 24;
/** Shrinkage, as a share of the mean variance of a (standardised) feature. */
const SHRINKAGE = 1;

/**
 * Ridge regression of labels on features, each row predicted by a fit that has not seen its fold. Features are
 * standardised, both classes weigh the same.
 *
 * @param rows features [d] of each item; all of one length
 * @param targets 1, -1, or 0 for rows that are only predicted
 * @param folds each row's fold, 0..count-1
 * @returns the predictions; 0 where the other folds have one class only
 */
export async function predictOutOfFold(
  rows: readonly Float32Array[],
  targets: readonly number[],
  folds: readonly number[],
  count: number,
): Promise<Float64Array> {
  const d = (rows[0]?.length ?? 0) + 1;
  const standard = standardise(rows);
  const value = (row: Float32Array, i: number) =>
    i === d - 1 ? 1 : ((row[i] ?? 0) - (standard.mean[i] ?? 0)) * (standard.scale[i] ?? 0);
  const share = (sign: number) => 1 / Math.max(1, targets.filter((target) => target === sign).length);
  const weights = { positive: share(1), negative: share(-1) };
  const grams = Array.from({ length: count }, () => new Float64Array(d * d));
  const moments = Array.from({ length: count }, () => new Float64Array(d));
  const seen = Array.from({ length: count }, () => ({ positive: 0, negative: 0 }));
  const x = new Float64Array(d);
  for (const [index, row] of rows.entries()) {
    const target = targets[index] ?? 0;
    const fold = folds[index] ?? 0;
    const [gram, moment, tally] = [grams[fold], moments[fold], seen[fold]];
    if (target !== 0 && gram !== undefined && moment !== undefined && tally !== undefined) {
      const kind = target > 0 ? 'positive' : 'negative';
      tally[kind] += 1;
      for (let i = 0; i < d; i += 1) {
        x[i] = value(row, i);
      }
      accumulate(gram, moment, x, target, weights[kind]);
    }
    if (index % ROWS_AT_ONCE === 0) {
      await nextTurn();
    }
  }
  const total = sum(grams);
  const totalMoment = sum(moments);
  const predictions = new Float64Array(rows.length);
  for (let fold = 0; fold < count; fold += 1) {
    const others = seen.filter((_, other) => other !== fold);
    if (!others.some(({ positive }) => positive > 0) || !others.some(({ negative }) => negative > 0)) {
      continue;
    }
    const gram = total.map((entry, i) => entry - (grams[fold]?.[i] ?? 0));
    const moment = totalMoment.map((entry, i) => entry - (moments[fold]?.[i] ?? 0));
    // The bias, the last feature, is not shrunk.
    const strength = (SHRINKAGE * trace(gram, d)) / Math.max(1, d - 1);
    for (let i = 0; i < d; i += 1) {
      gram[i * d + i] = (gram[i * d + i] ?? 0) + (i < d - 1 ? strength : 1e-9);
    }
    await nextTurn();
    const w = solve(gram, moment, d);
    rows.forEach((row, index) => {
      if (folds[index] === fold) {
        predictions[index] = w.reduce((score, weight, i) => score + weight * value(row, i), 0);
      }
    });
  }
  return predictions;
}

function standardise(rows: readonly Float32Array[]): { mean: Float64Array; scale: Float64Array } {
  const d = rows[0]?.length ?? 0;
  const [mean, scale] = [new Float64Array(d), new Float64Array(d)];
  for (const row of rows) {
    row.forEach((entry, i) => {
      mean[i] = (mean[i] ?? 0) + entry / rows.length;
    });
  }
  for (const row of rows) {
    row.forEach((entry, i) => {
      scale[i] = (scale[i] ?? 0) + (entry - (mean[i] ?? 0)) ** 2 / rows.length;
    });
  }
  return { mean, scale: scale.map((variance) => (variance > 1e-12 ? 1 / Math.sqrt(variance) : 0)) };
}

/** Adds weight * x x' to the lower triangle of the Gram matrix. */
function accumulate(gram: Float64Array, moment: Float64Array, x: Float64Array, target: number, weight: number): void {
  const d = x.length;
  for (let i = 0; i < d; i += 1) {
    const xi = (x[i] ?? 0) * weight;
    moment[i] = (moment[i] ?? 0) + xi * target;
    const start = i * d;
    for (let j = 0; j <= i; j += 1) {
      gram[start + j] = (gram[start + j] ?? 0) + xi * (x[j] ?? 0);
    }
  }
}

function sum(parts: readonly Float64Array[]): Float64Array {
  const total = new Float64Array(parts[0]?.length ?? 0);
  for (const part of parts) {
    part.forEach((entry, i) => {
      total[i] = (total[i] ?? 0) + entry;
    });
  }
  return total;
}

function trace(gram: Float64Array, d: number): number {
  let total = 0;
  for (let i = 0; i < d - 1; i += 1) {
    total += gram[i * d + i] ?? 0;
  }
  return total;
}

/** Solves A w = b for a positive definite A, given and destroyed by its lower triangle (Cholesky). */
function solve(a: Float64Array, b: Float64Array, d: number): Float64Array {
  for (let j = 0; j < d; j += 1) {
    for (let i = j; i < d; i += 1) {
      let value = a[i * d + j] ?? 0;
      for (let k = 0; k < j; k += 1) {
        value -= (a[i * d + k] ?? 0) * (a[j * d + k] ?? 0);
      }
      a[i * d + j] = i === j ? Math.sqrt(Math.max(value, 1e-12)) : value / (a[j * d + j] ?? 1);
    }
  }
  const y = new Float64Array(d);
  for (let i = 0; i < d; i += 1) {
    let value = b[i] ?? 0;
    for (let k = 0; k < i; k += 1) {
      value -= (a[i * d + k] ?? 0) * (y[k] ?? 0);
    }
    y[i] = value / (a[i * d + i] ?? 1);
  }
  for (let i = d - 1; i >= 0; i -= 1) {
    let value = y[i] ?? 0;
    for (let k = i + 1; k < d; k += 1) {
      value -= (a[k * d + i] ?? 0) * (y[k] ?? 0);
    }
    y[i] = value / (a[i * d + i] ?? 1);
  }
  return y;
}

/**
 * Turns scores into probabilities of being anomalous: a logistic fit on the labelled ones in which both classes weigh
 * the same (Platt's scaling).
 * @returns undefined when there is one class only
 */
export function fitSigmoid(
  scores: readonly number[],
  targets: readonly number[],
): ((score: number) => number) | undefined {
  const labelled = scores.flatMap((score, i) => (targets[i] === 0 ? [] : [{ score, positive: (targets[i] ?? 0) > 0 }]));
  const positives = labelled.filter(({ positive }) => positive).length;
  const negatives = labelled.length - positives;
  if (positives === 0 || negatives === 0) {
    return undefined;
  }
  const mean = labelled.reduce((total, { score }) => total + score, 0) / labelled.length;
  const deviation =
    Math.sqrt(labelled.reduce((total, { score }) => total + (score - mean) ** 2, 0) / labelled.length) || 1;
  let [slope, bias] = [1, 0];
  // Newton's method; a little shrinkage keeps it finite when the classes do not overlap.
  for (let step = 0; step < 25; step += 1) {
    let [g0, g1, h00, h01, h11] = [0.01 * slope, 0, 0.01, 0, 1e-6];
    for (const { score, positive } of labelled) {
      const z = (score - mean) / deviation;
      const p = 1 / (1 + Math.exp(-(slope * z + bias)));
      const weight = positive ? 0.5 / positives : 0.5 / negatives;
      const error = weight * (p - (positive ? 1 : 0));
      const curvature = weight * Math.max(1e-6, p * (1 - p));
      g0 += error * z;
      g1 += error;
      h00 += curvature * z * z;
      h01 += curvature * z;
      h11 += curvature;
    }
    const determinant = h00 * h11 - h01 * h01;
    slope -= (h11 * g0 - h01 * g1) / determinant;
    bias -= (h00 * g1 - h01 * g0) / determinant;
  }
  return (score) => 1 / (1 + Math.exp(-(slope * ((score - mean) / deviation) + bias)));
}
