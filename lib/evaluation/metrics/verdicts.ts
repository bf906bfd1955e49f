/** What an answer says about "is there an anomaly?": `unsure` if it says that it cannot tell, `null` if it does not say. */
export type Verdict = 'yes' | 'no' | 'unsure' | null;

/**
 * Counts and rates of yes/no answers; "yes" (anomalous) is the positive class. Rates are 0..1, 0 where nothing was predicted or present. They are over what is not `unsure`:
 * "cannot tell" is neither right nor wrong, and `coverage` says how much that leaves.
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

const DOUBT =
  /\b(?:can\s?not|can['’]t|could\s+not|unable\s+to)\s+(?:tell|say|judge|decide|determine)\b|\b(?:i\s+am|i['’]m)\s+(?:unsure|not\s+sure)\b/i;
const LEADING = /^[\s*_#>"'`([-]*(yes|no)\b/i;

/** Denials are tried first: "no visible defect" also holds the words of an affirmation. */
const DENIALS = [
  /\bno\b(?:\s+(?:sign|signs|evidence|trace|traces)\s+of)?(?:\s+(?:visible|obvious|clear|apparent|detectable|noticeable|significant|other|any))*\s+(?:anomal|defect|irregularit|damage|crack|scratch|flaw|fault|abnormal)/i,
  /(?:\bnot|n['’]t)\s+(?:see|find|detect|identify|observe|notice|show|have|contain|appear|any|an?)\b[^.!?]*\b(?:anomal|defect|irregularit|damage|flaw|fault|abnormal)/i,
  /\b(?:is|are|looks?|appears?|seems?)\s+(?:to\s+be\s+)?(?:completely\s+|entirely\s+|perfectly\s+)?(?:normal|intact|fine|undamaged|defect[- ]free|free\s+of|free\s+from|without)\b/i,
];

const AFFIRMATIONS = [
  /\b(?:there\s+(?:is|are|appears?\s+to\s+be)|i\s+(?:can\s+)?(?:see|found|find|detect|observe|notice)|shows?|has|have|contains?|exhibits?)\b[^.!?]*\b(?:anomal|defect|irregularit|damage|crack|scratch|flaw|fault|abnormal|hole|stain|broken|missing)/i,
  /\b(?:is|are|looks?|appears?|seems?)\s+(?:to\s+be\s+)?(?:anomalous|abnormal|defective|damaged|cracked|scratched|broken|faulty)\b/i,
];

/**
 * Reads the verdict of an answer in English: the word yes or no it starts with, else what its sentences say, first sentence first.
 */
export function parseVerdict(answer: string): Verdict {
  const leading = LEADING.exec(answer)?.[1];
  if (leading) {
    return leading.toLowerCase() === 'yes' ? 'yes' : 'no';
  }
  for (const sentence of answer.split(/(?<=[.!?])\s+|\n+/)) {
    if (DOUBT.test(sentence)) {
      return 'unsure';
    }
    if (DENIALS.some((pattern) => pattern.test(sentence))) {
      return 'no';
    }
    if (AFFIRMATIONS.some((pattern) => pattern.test(sentence))) {
      return 'yes';
    }
  }
  return null;
}

/**
 * Accuracy, precision, recall and F1 of answers (VisA-D&R style). An answer without a verdict is wrong whatever the truth:
 * it counts against accuracy, and against recall if the image is anomalous.
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
