/** What is going on: views looked at or tokens read of all, or the place in the queue. */
type Stage = { stage: string; done?: number | undefined; total?: number | undefined };

const CELLS = 20;

/** Shows what the engine is doing, on one line of a terminal; nothing anywhere else, so that logs stay clean. */
export class ProgressLine {
  private shown = false;

  constructor(
    private readonly stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
    private readonly label: string,
  ) {}

  update({ stage, done, total }: Stage): void {
    if (done === undefined || total === undefined) {
      this.draw(stage);
      return;
    }
    const filled = Math.round((done / Math.max(1, total)) * CELLS);
    this.draw(`${'█'.repeat(filled)}${'░'.repeat(CELLS - filled)} ${stage} ${done}/${total}`);
  }

  /** Removes the line. */
  clear(): void {
    if (this.shown) {
      this.stream.write('\r\u001b[K');
      this.shown = false;
    }
  }

  private draw(text: string): void {
    if (this.stream.isTTY) {
      this.stream.write(`\r\u001b[K${text} ${printable(this.label)}`);
      this.shown = true;
    }
  }
}

/** A text from outside (a file name) without control characters, for a terminal. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?').slice(0, 80);
}
