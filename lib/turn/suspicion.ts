import type { Bucket } from '@/lib/anomaly/calibration';
import type { InspectionState } from '@/lib/anomaly/state';
import { leansAnomalous } from '@/lib/contract/verdict';

/** What an answer is held to on its first look: a finding, none, or doubt. */
export type Verdict = 'positive' | 'negative' | 'unsure';

type Judged = Pick<InspectionState, 'bucket' | 'judgement'>;

/**
 * The verdict that the answer is held to. An unsure image is doubted where the model was taught to; else the answer
 * goes the way the image leans, and the product's own notice stands beside it (docs/decisions/verdicts.md).
 * @param doubts the language model was taught to doubt "moderately" suspicious images (`language.unsure`)
 */
export function verdictOf({ judgement }: Pick<Judged, 'judgement'>, doubts = false): Verdict {
  return doubts && judgement.verdict === 'unsure' ? 'unsure' : leansAnomalous(judgement) ? 'positive' : 'negative';
}

/**
 * The word for an image in the prompt: its bucket, and for a middling one that of its verdict
 * (docs/decisions/consistent-verdict.md).
 */
export function suspicionWord(judged: Judged, doubts = false): Bucket {
  if (judged.judgement.verdict === 'unsure' && doubts) {
    return 'moderately';
  }
  if (judged.bucket !== 'moderately' && judged.judgement.verdict !== 'unsure') {
    return judged.bucket;
  }
  return leansAnomalous(judged.judgement) ? 'highly' : 'slightly';
}
