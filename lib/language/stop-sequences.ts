/** Ends an answer at the first of some strings, holding back text that may turn out to be the beginning of one. */
export class StopSequences {
  private held = '';
  private readonly sequences: readonly string[];

  constructor(sequences: readonly string[]) {
    this.sequences = sequences.filter((sequence) => sequence !== '');
  }

  /** The text that may be shown by now; `stopped` when a stop sequence followed it. */
  push(text: string): { text: string; stopped: boolean } {
    this.held += text;
    const starts = this.sequences.map((sequence) => this.held.indexOf(sequence)).filter((at) => at >= 0);
    if (starts.length > 0) {
      const shown = this.held.slice(0, Math.min(...starts));
      this.held = '';
      return { text: shown, stopped: true };
    }
    const keep = Math.max(0, ...this.sequences.map((sequence) => overlap(this.held, sequence)));
    const shown = this.held.slice(0, this.held.length - keep);
    this.held = this.held.slice(shown.length);
    return { text: shown, stopped: false };
  }

  /** What was held back, once nothing more comes. */
  flush(): string {
    const rest = this.held;
    this.held = '';
    return rest;
  }
}

/** The longest end of `text` that is a beginning of `sequence`, but not all of it. */
function overlap(text: string, sequence: string): number {
  for (let length = Math.min(text.length, sequence.length - 1); length > 0; length -= 1) {
    if (text.endsWith(sequence.slice(0, length))) {
      return length;
    }
  }
  return 0;
}
