const SENTENCE_END = /(?<=[.!?:;])\s+|\n+/;
/** Shorter sentences may be said twice for good reason. */
const MIN_WORDS = 4;

/**
 * Keeps back a sentence that is about to be said again word for word, the way small models get stuck: what may become a
 * repetition is held until it turns out to be another sentence, so that nobody reads one twice. With `isUnwanted` every
 * sentence is held to its end, and one that must not be said ends the answer in the same way.
 */
export class LoopGuard {
  private readonly seen = new Set<string>();
  /** The sentence at hand, and what of the text has not been given out. */
  private current = '';
  private held = '';

  constructor(private readonly isUnwanted?: (sentence: string) => boolean) {}

  /** True while text is kept back. */
  get isHolding(): boolean {
    return this.held !== '';
  }

  /**
   * Takes text and returns what may be shown now; null when a sentence of four words and more has been said again, or
   * must not be said: the answer ends.
   */
  text(delta: string): string | null {
    this.held += delta;
    const sentences = (this.current + delta).split(SENTENCE_END);
    this.current = sentences.pop() ?? '';
    for (const sentence of sentences) {
      if (this.isStopped(sentence)) {
        this.held = this.current = '';
        return null;
      }
      this.seen.add(keyOf(sentence));
    }
    return this.release(this.isUnwanted !== undefined || this.mayRepeat() ? this.current.length : 0);
  }

  /** What was kept back, whatever it is unless it must not be said: something else than text follows. */
  flush(): string {
    return this.isUnwanted === undefined ? this.release(0) : this.end();
  }

  /** At the end: what was kept back, unless it is a sentence that was said before or must not be said. */
  end(): string {
    if (this.isStopped(this.current)) {
      this.held = '';
    }
    return this.release(0);
  }

  private release(kept: number): string {
    const end = Math.max(0, this.held.length - kept);
    const shown = this.held.slice(0, end);
    this.held = this.held.slice(end);
    return shown;
  }

  private mayRepeat(): boolean {
    const key = keyOf(this.current);
    return key !== '' && [...this.seen].some((sentence) => isLong(sentence) && sentence.startsWith(key));
  }

  private isStopped(sentence: string): boolean {
    return this.isRepeated(sentence) || this.isUnwanted?.(sentence) === true;
  }

  private isRepeated(sentence: string): boolean {
    const key = keyOf(sentence);
    return isLong(key) && this.seen.has(key);
  }
}

const keyOf = (sentence: string) => sentence.trim().toLowerCase();
const isLong = (key: string) => key.split(/\s+/).length >= MIN_WORDS;
