import { logit, sigmoid } from './calibration';

/** Scores 0..1 of what is known of a part: good samples beside the others, and known defects beside the good ones. */
export type KnownScores = { good: readonly number[]; defects: readonly number[] };

/** A threshold with the shares that it is expected to get wrong, 0..1. */
export type ThresholdOutlook = {
  threshold: number;
  /** Of good parts, told to be anomalous. */
  falseAlarms: number;
  /** Of defective ones, told to be normal. */
  misses: number;
};

/**
 * What is believed of a part of which nothing is known, in logits of the score, and as how many samples that counts.
 */
type Belief = { mean: number; deviation: number; count: number };
const GOOD: Belief = { mean: 0, deviation: 1.1, count: 4 };
/** Defects are believed to lie so many deviations of the good ones above them, and to be so much more spread. */
const DEFECTS = { above: 2.5, spread: 1.5, count: 4 };

/** Where thresholds are looked for, in logits. */
const [LOWEST, HIGHEST, STEP] = [-3, 9, 0.05];

/**
 * What is expected at a threshold. Believed and known count together: with few samples mostly what is usual, with many
 * what they say themselves.
 */
export function outlookAt(threshold: number, known: KnownScores): ThresholdOutlook {
  const at = logit(threshold);
  const { good, defects } = believeAll(known);
  return { threshold, falseAlarms: 1 - good(at), misses: defects(at) };
}

/** The threshold at which the fewest false alarms and misses together are expected. */
export function suggestThreshold(known: KnownScores): ThresholdOutlook {
  const { good, defects } = believeAll(known);
  let best = { cost: Infinity, from: 0, to: 0 };
  for (let at = LOWEST; at <= HIGHEST; at += STEP) {
    const cost = 1 - good(at) + defects(at);
    if (cost < best.cost - 1e-9) {
      best = { cost, from: at, to: at };
    } else if (cost < best.cost + 1e-9) {
      best = { ...best, to: at };
    }
  }
  return outlookAt(sigmoid((best.from + best.to) / 2), known);
}

type Share = (at: number) => number;

function believeAll(known: KnownScores): { good: Share; defects: Share } {
  const good = known.good.map(logit);
  const { middle, spread } = fit(good, GOOD);
  const belief = { mean: middle + DEFECTS.above * spread, deviation: DEFECTS.spread * spread, count: DEFECTS.count };
  return { good: believe(good, GOOD), defects: believe(known.defects.map(logit), belief) };
}

/** Mean and deviation of what is known and believed. */
function fit(values: readonly number[], { mean, deviation, count }: Belief): { middle: number; spread: number } {
  const total = values.length + count;
  const middle = (values.reduce((sum, value) => sum + value, 0) + mean * count) / total;
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return { middle, spread: Math.sqrt((squares + count * (deviation ** 2 + (mean - middle) ** 2)) / total) };
}

/**
 * The share of values below `at`: of a normal distribution fitted to what is known and believed, and of the known
 * values themselves.
 */
function believe(values: readonly number[], belief: Belief): Share {
  const { count } = belief;
  const total = values.length + count;
  const { middle, spread } = fit(values, belief);
  return (at) => {
    const below = values.filter((value) => value < at).length;
    return (below + count * normalShare((at - middle) / spread)) / total;
  };
}

/** The standard normal distribution's share below `z` (Abramowitz and Stegun 26.2.17; to 1e-7). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - above : above;
}
