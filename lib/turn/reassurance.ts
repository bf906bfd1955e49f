const THING = '(?:action|actions|repair|repairs|rework|correction|corrections|measures?|steps?|intervention)';
/** Sentences that let a part pass: that nothing needs doing, or that it can go on. */
const LETS_PASS = [
  new RegExp(`\\bno\\b(?:\\s+[\\w-]+){0,3}\\s+${THING}\\b[^.!?]*\\b(?:needed|required|necessary|called for)\\b`, 'i'),
  new RegExp(`\\b(?:needs?|requires?)\\s+no\\b(?:\\s+[\\w-]+){0,2}\\s+${THING}\\b`, 'i'),
  /\bnothing\b[^.!?]*\b(?:has|needs|have)\s+to\s+be\s+(?:corrected|done|repaired|changed)\b/i,
  /\bnothing\b[^.!?]*\b(?:speaks|stands)\s+against\b/i,
  /\b(?:can|may)\s+(?:safely\s+|still\s+)?(?:be\s+(?:shipped|used|released|accepted|delivered|passed)|go\s+on|be\s+sent\s+on)\b/i,
  /(?<!\bnot\s)(?<!n['’]t\s)\b(?:safe|fit|good|fine|ready|ok|okay)\s+(?:to|for)\s+(?:use|ship|shipping|release|delivery|be\s+(?:shipped|used|released))\b/i,
  /\bkeep\s+the\s+usual\s+checks\b/i,
  /\bcarry\s+on\s+with\s+the\s+normal\b/i,
  /\bno\s+(?:impact|effect|risk|consequences?)\b/i,
  /\bnothing\s+to\s+(?:worry\s+about|rate|correct|repair|do)\b/i,
  /\b(?:i\s+am|i['’]m)\s+(?:quite\s+|very\s+|fairly\s+)?(?:sure|certain|confident)\b/i,
  /\b(?:fairly|reasonably|quite|absolutely|completely)\s+(?:sure|certain)\b/i,
  /\bstay\s+with\s+my\s+verdict\b/i,
];

/**
 * Whether a sentence says that a part may pass, or that the model is sure: not to be said of an image that cannot be
 * judged.
 */
export function isReassurance(sentence: string): boolean {
  return LETS_PASS.some((pattern) => pattern.test(sentence));
}
