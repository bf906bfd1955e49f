/**
 * Lets at most `width` pieces of work run at once, the others wait in order. Decoding is memory-hungry (50 megapixels
 * are 150 MB raw), so it is done a few at a time however many requests come.
 */
class Gate {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(width: number) {
    this.free = width;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) {
      this.free -= 1;
    } else {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) {
        this.free += 1;
      } else {
        next();
      }
    }
  }
}

/** Shared by all that decode or encode whole images in the web process. */
export const imageGate = new Gate(1);
