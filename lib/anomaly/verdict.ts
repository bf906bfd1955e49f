import type { CalibrationManifest, VerdictManifest } from '@/lib/engine/manifest';
import type { Basis, Judgement } from '@/lib/contract/verdict';
import { type Bucket, bucketOf, logit, sigmoid } from './calibration';

export const ZERO_SHOT: Basis = { kind: 'zero-shot', count: 0 };

/** A bundle without verdict calibration decides at one half, as the score itself says. */
const PLAIN: VerdictManifest = { slope: 1, intercept: 0, low: 0.5, high: 0.5 };

/**
 * How verdicts on this basis are calibrated. What was not fitted for comparisons takes the score as it is: the
 * zero-shot fit says nothing about them.
 */
function fitFor({ kind, count }: Basis, { verdict }: Pick<CalibrationManifest, 'verdict'>): VerdictManifest {
  if (verdict === undefined) {
    return PLAIN;
  }
  const compared = (count === 1 ? verdict.single : undefined) ?? verdict.reference ?? PLAIN;
  switch (kind) {
    case 'zero-shot':
      return verdict.zeroShot;
    case 'set':
      return verdict.set ?? verdict.reference ?? PLAIN;
    case 'references':
    case 'part':
      return compared;
  }
}

/** A part's own threshold decides by itself: what is known of its samples went into it. */
const fitAt = (threshold: number): VerdictManifest => ({ slope: 1, intercept: -logit(threshold), low: 0.5, high: 0.5 });

/**
 * The verdict on an image.
 * @param score calibrated, 0..1
 * @param threshold score from which it is anomalous, where one was set for just this; otherwise the bundle's
 *   calibration decides
 * @param foreign the expert's raw measure, undefined where its graph has none
 */
export function judge(
  score: number,
  basis: Basis,
  foreign: number | undefined,
  calibration: Pick<CalibrationManifest, 'verdict' | 'foreign'>,
  threshold?: number,
): Judgement {
  const fit = threshold === undefined ? fitFor(basis, calibration) : fitAt(threshold);
  const { slope, intercept, low, high } = fit;
  // Not through logit and back: a plain score comes out exactly as it went in.
  const probability = slope === 1 && intercept === 0 ? score : sigmoid(slope * logit(score) + intercept);
  const scale = calibration.foreign;
  return {
    verdict: probability >= high ? 'anomalous' : probability < low ? 'normal' : 'unsure',
    probability,
    foreignness: foreign === undefined || scale === undefined ? null : sigmoid((foreign - scale.offset) * scale.scale),
    basis,
  };
}

/**
 * The bucket of a score, kept from contradicting the verdict: nothing anomalous is slightly suspicious, nothing normal
 * highly.
 */
export function bucketFor(score: number, judgement: Judgement, calibration: CalibrationManifest): Bucket {
  const { verdict } = judgement;
  const bucket = bucketOf(score, calibration);
  const contradicts =
    (verdict === 'anomalous' && bucket === 'slightly') || (verdict === 'normal' && bucket === 'highly');
  return (calibration.verdict !== undefined || judgement.basis.kind === 'part') && contradicts ? 'moderately' : bucket;
}
