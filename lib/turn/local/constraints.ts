import type { MaskMeasure } from '@/lib/segmentation/describe';

/**
 * A rule about the next token, such as that a word would deny what was measured. It hears what is said and shown
 * meanwhile.
 */
export type TokenConstraint = {
  /** Tokens that must not come next. */
  banned: () => Iterable<number>;
  /** Takes note of shown text. */
  text?: (delta: string) => void;
  /** Takes note of a `<seg>`, said or put in. */
  seg?: () => void;
  /** From now on the text is about this mask. */
  measured?: (measure: MaskMeasure) => void;
};

/** Rules that hold together: what one of them bans is banned. */
export class TokenConstraints implements TokenConstraint {
  constructor(private readonly rules: readonly TokenConstraint[]) {}

  banned(): number[] {
    return this.rules.flatMap((rule) => [...rule.banned()]);
  }

  text(delta: string): void {
    this.rules.forEach((rule) => rule.text?.(delta));
  }

  seg(): void {
    this.rules.forEach((rule) => rule.seg?.());
  }

  measured(measure: MaskMeasure): void {
    this.rules.forEach((rule) => rule.measured?.(measure));
  }
}

/**
 * An answer has at least a word: its end cannot be the first token, nor what an answer began with of which nothing
 * could be shown.
 */
export class NotEmpty implements TokenConstraint {
  /**
   * @param excluded the token that ends an answer, and first tokens of answers that were kept back whole
   * @param spoken the tokens said so far
   */
  constructor(
    private readonly excluded: readonly number[],
    private readonly spoken: readonly number[],
  ) {}

  banned(): readonly number[] {
    return this.spoken.length === 0 ? this.excluded : [];
  }
}
