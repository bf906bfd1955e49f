import type { Bucket } from '@/lib/anomaly/calibration';
import type { InspectionState } from '@/lib/anomaly/state';

export type Verdict = 'positive' | 'negative';

type Scored = Pick<InspectionState, 'score' | 'bucket'>;

/** The verdict that a calibrated score means: an anomaly is likelier than none, or not. */
export function verdictOf({ score }: Scored): Verdict {
  return score >= 0.5 ? 'positive' : 'negative';
}

/** The word for an image in the prompt: its bucket, and for a middling one that of its verdict (docs/decisions/consistent-verdict.md). */
export function suspicionWord(scored: Scored): Bucket {
  if (scored.bucket !== 'moderately') {
    return scored.bucket;
  }
  return verdictOf(scored) === 'positive' ? 'highly' : 'slightly';
}
