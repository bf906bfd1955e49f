import type { InspectEvent } from '@/lib/engine/worker/operations';

const CELLS = 20;

/** Shows what the engine is doing, on one line of a terminal; nothing anywhere else, so that logs stay clean. */
export class ProgressLine {
  private shown = false;

  constructor(
    private readonly stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
    private readonly label: string,
  ) {}

  update(event: InspectEvent | { stage: 'queued'; position: number }): void {
    if (event.stage === 'looking') {
      const filled = Math.round((event.done / event.total) * CELLS);
      this.draw(`${'█'.repeat(filled)}${'░'.repeat(CELLS - filled)} looking ${event.done}/${event.total}`);
    } else {
      this.draw(event.stage);
    }
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
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?').slice(0, 80);
}
