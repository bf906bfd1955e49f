import type { SaidVerdict as Verdict } from '@/lib/turn/said-verdict';

export { parseVerdict, type SaidVerdict as Verdict } from '@/lib/turn/said-verdict';

/**
 * Counts and rates of yes/no answers; "yes" (anomalous) is the positive class. Rates are 0..1, 0 where nothing was
 * predicted or present. They are over what is not `unsure`: "cannot tell" is neither right nor wrong, and `coverage`
 * says how much that leaves.
 */
export type VerdictMetrics = {
  accuracy: number;
  precision: number;
  recall: number;
  f1: number;
  answered: number;
  unanswered: number;
  /** Answers that say that it cannot be told. */
  unsure: number;
  /** Share of all answers that are not `unsure`, 0..1. */
  coverage: number;
  total: number;
};

/**
 * Accuracy, precision, recall and F1 of answers (VisA-D&R style). An answer without a verdict is wrong whatever the
 * truth: it counts against accuracy, and against recall if the image is anomalous.
 *
 * @param truth true where the image is anomalous, one per verdict
 */
export function verdictMetrics(verdicts: readonly Verdict[], truth: readonly boolean[]): VerdictMetrics {
  if (verdicts.length !== truth.length) {
    throw new RangeError(`There are ${verdicts.length} answers but ${truth.length} labels; give one label per answer.`);
  }
  let truePositives = 0;
  let saidYes = 0;
  let anomalous = 0;
  let right = 0;
  let answered = 0;
  const told = verdicts.filter((verdict) => verdict !== 'unsure').length;
  verdicts.forEach((verdict, index) => {
    if (verdict === 'unsure') {
      return;
    }
    const isAnomalous = truth[index] === true;
    anomalous += isAnomalous ? 1 : 0;
    answered += verdict === null ? 0 : 1;
    saidYes += verdict === 'yes' ? 1 : 0;
    truePositives += verdict === 'yes' && isAnomalous ? 1 : 0;
    right += verdict !== null && (verdict === 'yes') === isAnomalous ? 1 : 0;
  });
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    accuracy: share(right, told),
    precision: share(truePositives, saidYes),
    recall: share(truePositives, anomalous),
    f1: share(2 * truePositives, saidYes + anomalous),
    answered,
    unanswered: told - answered,
    unsure: verdicts.length - told,
    coverage: share(told, verdicts.length),
    total: verdicts.length,
  };
}
