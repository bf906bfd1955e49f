/**
 * What an answer says about "is there an anomaly?": `unsure` if it says that it cannot tell, `null` if it does not say.
 */
export type SaidVerdict = 'yes' | 'no' | 'unsure' | null;

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
 * Reads the verdict of an answer in English: the word yes or no it starts with, else what its sentences say, first
 * sentence first.
 */
export function parseVerdict(answer: string): SaidVerdict {
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
