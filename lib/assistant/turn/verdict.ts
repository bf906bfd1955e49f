import type { Bucket } from '@/lib/anomaly/calibration';
import type { Tokenizer } from '@/lib/language';

/**
 * Keeps verdict and mask together (docs/decisions/consistent-verdict.md). On the first look at an image the calibrated score
 * decides the clear cases and the model's own words the rest:
 *
 * - "slightly": neither `<seg>` nor a leading Yes;
 * - "highly": no denial before `<seg>`, and `<seg>` at the end of the first sentence at the latest;
 * - "moderately": a leading Yes gets its `<seg>` at the end of the sentence, any other first sentence without `<seg>` is a No,
 *   after which `<seg>` cannot be said; a leading No rules it out at once.
 */
export class VerdictGuard {
  private said = '';
  private segs = 0;
  private closed = false;
  private readonly yes: number[];
  private readonly no: number[];

  /** @param bucket of the image that is judged for the first time; undefined: nothing is judged, `<seg>` is free */
  constructor(
    private readonly bucket: Bucket | undefined,
    private readonly segToken: number,
    tokenizer: Pick<Tokenizer, 'encode'>,
    private readonly maxSegs = 1,
  ) {
    const single = (words: string[]) =>
      words.flatMap((word) => {
        const ids = tokenizer.encode(word);
        return ids.length === 1 ? ids : [];
      });
    this.yes = single(['Yes', ' Yes', 'yes', ' yes']);
    this.no = single(['No', ' No', 'no', ' no', 'Nothing', ' nothing', ' Nothing', 'None', ' none', ' None']);
  }

  /** Tokens that must not come next. */
  banned(): number[] {
    const spent = this.segs >= this.maxSegs || this.closed ? [this.segToken] : [];
    if (this.bucket === undefined || this.segs > 0) {
      return spent;
    }
    switch (this.bucket) {
      case 'slightly':
        return this.said.trim() === '' ? [this.segToken, ...this.yes] : [this.segToken];
      case 'highly':
        return this.no;
      case 'moderately':
        return spent;
    }
  }

  /** Takes note of shown text. */
  text(delta: string): void {
    this.said += delta;
    if (this.bucket === 'moderately' && this.segs === 0 && (this.startsWithNo() || this.isOtherSentence())) {
      this.closed = true;
    }
  }

  /** Takes note of a `<seg>`, said or put in. */
  seg(): void {
    this.segs += 1;
  }

  /** True when `<seg>` has to be put in now: the positive verdict's sentence has ended without it. */
  mustPoint(): boolean {
    if (this.segs > 0 || this.bucket === undefined || this.bucket === 'slightly') {
      return false;
    }
    return this.sentenceEnded() && (this.bucket === 'highly' || this.startsWithYes());
  }

  /** True when the answer ends without a verdict although one is due. */
  owesMask(): boolean {
    return this.segs === 0 && (this.bucket === 'highly' || (this.bucket === 'moderately' && this.startsWithYes()));
  }

  private startsWithYes(): boolean {
    return /^\s*yes\b/i.test(this.said);
  }

  private startsWithNo(): boolean {
    return /^\s*(no|nothing|none)\b/i.test(this.said);
  }

  private isOtherSentence(): boolean {
    return this.sentenceEnded() && !this.startsWithYes();
  }

  private sentenceEnded(): boolean {
    return /[.!?\n]\s*$/.test(this.said) && this.said.trim().length > 4;
  }
}

/** Watches for a sentence that is said again word for word, the way small models get stuck. */
export class LoopGuard {
  private readonly seen = new Set<string>();
  private current = '';

  /** Takes note of text; true when a sentence of four words and more has just been repeated. */
  text(delta: string): boolean {
    this.current += delta;
    const sentences = this.current.split(/(?<=[.!?:;])\s+|\n+/);
    this.current = sentences.pop() ?? '';
    return sentences.some((sentence) => {
      const key = sentence.trim().toLowerCase();
      if (key.split(/\s+/).length < 4) {
        return false;
      }
      const repeated = this.seen.has(key);
      this.seen.add(key);
      return repeated;
    });
  }
}
