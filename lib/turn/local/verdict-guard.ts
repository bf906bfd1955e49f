import type { Tokenizer } from '@/lib/language';
import { singleTokens } from './single-tokens';
import type { Verdict } from '../suspicion';

const YES = ['Yes', 'yes'];
const NO = ['No', 'no'];
/**
 * An answer about an image that cannot be judged begins with none of these; in capitals the words are several tokens.
 */
const OPENINGS = [...YES, 'YES', 'YE', 'Y', ...NO, 'NO', 'N'];
/** Before a mask is shown these deny what it is about to show. */
const DENIALS = ['No', 'no', 'Nothing', 'nothing', 'None', 'none', 'normal', 'fine', 'good', 'flawless'];
/** In the first sentence these claim a finding, or a mask, that there is not. */
const CLAIMS = ['a', 'an', 'something', 'damage', 'marked', 'outlined', 'highlighted', 'Marked', 'Here'];

/**
 * Keeps verdict and mask together on the first look at an image (docs/decisions/consistent-verdict.md):
 *
 * - negative: `<seg>` cannot be said, nor a leading Yes, nor words that claim a finding in the first sentence;
 * - positive: no denial before `<seg>`, and `<seg>` where the first sentence ends at the latest;
 * - unsure: the answer begins with neither Yes nor No.
 */
export class VerdictGuard {
  private said = '';
  private hasSentence = false;
  private segs = 0;
  private readonly segTokens: readonly number[];
  private readonly yes: readonly number[];
  private readonly openings: readonly number[];
  private readonly denials: readonly number[];
  private readonly claims: readonly number[];

  /**
   * @param verdict on the image that is judged for the first time; undefined: nothing is judged, `<seg>` is free
   * @param segToken undefined for a model that has no `<seg>`: its mask is shown where `<seg>` would be put in
   */
  constructor(
    private readonly verdict: Verdict | undefined,
    segToken: number | undefined,
    tokenizer: Pick<Tokenizer, 'encode'>,
    private readonly maxSegs = 1,
  ) {
    const tokensOf = (words: readonly string[]) => [
      ...singleTokens(
        tokenizer,
        words.flatMap((word) => [word, ` ${word}`]),
      ).values(),
    ];
    this.segTokens = segToken === undefined ? [] : [segToken];
    this.yes = tokensOf(YES);
    this.openings = tokensOf(OPENINGS);
    this.denials = tokensOf(DENIALS);
    this.claims = tokensOf(CLAIMS);
  }

  /** Tokens that must not come next. */
  banned(): readonly number[] {
    const opening = this.verdict === 'unsure' && this.said.trim() === '' ? this.openings : [];
    if (this.segs >= this.maxSegs) {
      return [...this.segTokens, ...opening];
    }
    switch (this.verdict) {
      case undefined:
        return [];
      case 'positive':
        return this.denials;
      case 'unsure':
        return opening;
      case 'negative':
        return [
          ...this.segTokens,
          ...(this.said.trim() === '' ? this.yes : []),
          ...(this.hasSentence ? [] : this.claims),
        ];
    }
  }

  /** Takes note of shown text. */
  text(delta: string): void {
    this.said += delta;
    // A lone "Yes." is no sentence yet: what it is about follows.
    this.hasSentence ||= /\S[^]{3,}[.!?\n](?:\s|$)/.test(this.said);
  }

  /** Takes note of a `<seg>`, said or put in. */
  seg(): void {
    this.segs += 1;
  }

  /** True when `<seg>` has to be put in now: the positive verdict's sentence has ended without it. */
  mustPoint(): boolean {
    return this.owesMask() && this.hasSentence;
  }

  /** True while the positive verdict's mask is still to be shown. */
  owesMask(): boolean {
    return this.verdict === 'positive' && this.segs === 0;
  }
}
