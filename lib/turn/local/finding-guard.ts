import type { Tokenizer } from '@/lib/language';
import { clauseBefore } from '@/lib/segmentation/statements';
import { singleTokens } from './single-tokens';

const spaced = (words: string) => words.split(' ').map((word) => ` ${word}`);
/**
 * After `no` these deny any finding; a kind may be denied (`I see no scratch; it looks like a crack`), and so may
 * `other regions`.
 */
const AFTER_NO = spaced(
  'anomaly anomalies defect defects deviation deviations flaw flaws visible irregularity irregularities damage fault faults finding findings abnormal',
);
/** After a leading `Nothing` these deny it. */
const AFTER_NOTHING = spaced('abnormal unusual suspicious stands deviates that to is has on in');
const AFTER_VERB = spaced('nothing');
const PRAISE = spaced('normal fine good flawless regular consistent');
const LOOKS =
  /\b(?:it|this|one|part|surface|item|object|image|panel|everything|piece|product) (?:looks|appears|seems|is)(?: to be)?$/i;
/** Questions about a place or the rest of the image may well be answered with no. */
const ELSEWHERE =
  /\b(?:left|right|upper|lower|top|bottom|centre|center|middle|corner|edge|rest|else|elsewhere|other|others|another|more)\b/i;

/**
 * Keeps follow-up answers to a finding that was shown: a word that would deny it as a whole cannot come next
 * (docs/decisions/follow-ups.md). Doubt, other kinds and what lies elsewhere remain the model's to say.
 */
export class FindingGuard {
  private said = '';
  private readonly tokens: ReadonlyMap<string, number>;

  /** @param question that is answered; without a known finding nothing is banned */
  constructor(
    tokenizer: Pick<Tokenizer, 'encode'>,
    private readonly isKnown: boolean,
    private readonly question: string,
  ) {
    this.tokens = singleTokens(tokenizer, [...AFTER_NO, ...AFTER_NOTHING, ...AFTER_VERB, ...PRAISE]);
  }

  /** Takes note of shown text. */
  text(delta: string): void {
    this.said += delta;
  }

  /** Tokens that must not come next. */
  banned(): number[] {
    return this.isKnown && !ELSEWHERE.test(this.question)
      ? denials(clauseBefore(this.said, this.said.length)).flatMap((text) => this.tokens.get(text) ?? [])
      : [];
  }
}

/** What may not follow in a clause. */
function denials(clause: string): readonly string[] {
  if (/\bno$/i.test(clause)) {
    return AFTER_NO;
  }
  if (/\b(?:found|find|see|detect|notice)$/i.test(clause)) {
    return AFTER_VERB;
  }
  if (/\bnothing$/i.test(clause)) {
    return AFTER_NOTHING;
  }
  return LOOKS.test(clause) && !ELSEWHERE.test(clause) ? PRAISE : [];
}
