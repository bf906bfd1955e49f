import { LoopGuard } from './loop-guard';

/**
 * What the model says, on its way to the reader: repetitions are kept back, and the tokens behind what is shown are
 * remembered.
 */
export class SpokenText {
  private readonly loops: LoopGuard;
  private tokens: number[] = [];
  /** How many of `tokens` were shown for certain. */
  private shown = 0;

  /**
   * @param emit shows text
   * @param isUnwanted sentences that must not be said
   */
  constructor(
    private readonly emit: (delta: string) => void,
    isUnwanted?: (sentence: string) => boolean,
  ) {
    this.loops = new LoopGuard(isUnwanted);
  }

  /**
   * Takes a step's tokens and text; false when a sentence was about to be said again, or must not be said: it is
   * neither shown nor remembered.
   */
  take(tokens: readonly number[], text: string): boolean {
    const before = this.tokens.length;
    this.tokens.push(...tokens);
    const delta = this.loops.text(text);
    if (delta === null) {
      this.tokens.length = this.shown;
      return false;
    }
    this.show(delta);
    if (!this.loops.isHolding) {
      this.shown = this.tokens.length;
    } else if (delta !== '') {
      // What is kept back begins within this step's text.
      this.shown = before;
    }
    return true;
  }

  /** Tokens without text of their own, such as the end of what a step said before a control token. */
  silent(tokens: readonly number[]): void {
    this.tokens.push(...tokens);
  }

  /** Shows what was kept back and hands over the tokens since the last time: something else follows in the sequence. */
  cut(): number[] {
    return this.finish(() => this.loops.flush());
  }

  /** The end of the answer: hands over the tokens of what was shown. */
  end(): number[] {
    return this.finish(() => this.loops.end());
  }

  private finish(release: () => string): number[] {
    const wasHolding = this.loops.isHolding;
    const rest = release();
    if (wasHolding && rest === '') {
      this.tokens.length = this.shown;
    }
    this.show(rest);
    return this.handOver();
  }

  private handOver(): number[] {
    this.shown = 0;
    return this.tokens.splice(0);
  }

  private show(delta: string): void {
    if (delta !== '') {
      this.emit(delta);
    }
  }
}
