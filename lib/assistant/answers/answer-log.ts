import { coalesce, isStored, type ChatChunk } from './chunks';

/** Stores one batch of chunks. */
export type Flush = (seq: number, chunks: ChatChunk[]) => Promise<void>;

/** A crash loses at most what came in this time; what is stored is what a restart shows. */
const FLUSH_MS = 200;

/**
 * The chunks of a running answer: kept in memory for its readers, each of which reads from the start at its own pace,
 * and written to the database in batches. Nobody has to read: an answer goes on without readers.
 */
export class AnswerLog {
  private readonly chunks: ChatChunk[] = [];
  private ended = false;
  private waiting: (() => void)[] = [];
  private flushed = 0;
  private seq = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  constructor(private readonly flush: Flush) {}

  /** Adds a chunk and hands it to the readers. */
  push(chunk: ChatChunk): void {
    this.chunks.push(chunk);
    this.notify();
    this.timer ??= setTimeout(() => this.schedule(), FLUSH_MS);
  }

  /** Everything so far. */
  all(): readonly ChatChunk[] {
    return this.chunks;
  }

  /**
   * Writes what is not in the database yet and resolves when all is there.
   * @throws what the database threw, at this or an earlier batch
   */
  async settle(): Promise<void> {
    this.schedule();
    await this.writing;
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }

  /** No chunk follows: readers end after the last one. */
  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.notify();
  }

  /** The chunks from the start, then those to come, until the answer ends. Cancelling the stream only stops reading. */
  read(): ReadableStream<ChatChunk> {
    let next = 0;
    let cancelled = false;
    return new ReadableStream<ChatChunk>({
      pull: async (controller) => {
        while (next >= this.chunks.length && !this.ended && !cancelled) {
          await this.changed();
        }
        const chunk = this.chunks[next];
        if (cancelled) {
          return;
        }
        if (chunk === undefined) {
          controller.close();
        } else {
          next += 1;
          controller.enqueue(chunk);
        }
      },
      cancel: () => {
        cancelled = true;
        this.notify();
      },
    });
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = coalesce(this.chunks.slice(this.flushed).filter(isStored));
    this.flushed = this.chunks.length;
    if (batch.length === 0) {
      return;
    }
    const seq = this.seq;
    this.seq += 1;
    this.writing = this.writing
      .then(() => this.flush(seq, batch))
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      });
  }

  private changed(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private notify(): void {
    const { waiting } = this;
    this.waiting = [];
    waiting.forEach((resolve) => resolve());
  }
}
