import { type KnownScores, outlookAt, suggestThreshold } from '@/lib/anomaly/part-threshold';
import type { PartRow, PartSampleRow } from '@/lib/database/parts';
import type { Outlook } from './contract';

type Scored = Pick<PartSampleRow, 'kind' | 'score' | 'scoreKey'>;

/** Thresholds of the curve: finer towards the ends, where scores crowd. */
const CURVE = [
  0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999,
];

const NOTHING: Outlook = { threshold: null, falseAlarms: null, misses: null };

/**
 * The scores that tell of the bank that is compared with. A build scores all good samples, so theirs say which bank
 * that is; a score without one is what a correction was made of, and is scored next.
 */
export function knownScores(samples: readonly Scored[]): KnownScores {
  const key = samples.find((sample) => sample.kind === 'golden' && sample.scoreKey !== null)?.scoreKey ?? null;
  const of = (kind: Scored['kind']) =>
    samples.flatMap(({ kind: own, score, scoreKey }) =>
      own === kind && score !== null && (scoreKey === null || scoreKey === key) ? [score] : [],
    );
  return { good: of('golden'), defects: of('defect') };
}

/**
 * Whether so much is known that a threshold can be derived from it: a single good sample has none to be compared with.
 */
const isEnough = ({ good, defects }: KnownScores) => good.length >= 2 || (good.length >= 1 && defects.length >= 1);

/** What the samples suggest. */
export function suggested(samples: readonly Scored[]): Outlook {
  const known = knownScores(samples);
  return isEnough(known) ? suggestThreshold(known) : NOTHING;
}

/** The threshold that counts, with what is expected of it. */
export function current({ threshold }: Pick<PartRow, 'threshold'>, samples: readonly Scored[]): Outlook {
  const known = knownScores(samples);
  if (threshold === null) {
    return suggested(samples);
  }
  return isEnough(known) ? outlookAt(threshold, known) : { ...NOTHING, threshold };
}

/** What is expected at thresholds from low to high; empty where nothing is. */
export function outlookCurve(samples: readonly Scored[]): Outlook[] {
  const known = knownScores(samples);
  return isEnough(known) ? CURVE.map((threshold) => outlookAt(threshold, known)) : [];
}
