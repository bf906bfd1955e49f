/** Work on jobs one after the other, each of which can be stopped. */
export class Lane {
  private readonly waiting: string[] = [];
  private current: { id: string; controller: AbortController; done: Promise<void> } | undefined;
  private closed = false;

  /**
   * @param work carries out a job; rejects when the signal is aborted
   * @param onError told what a job failed with, except for being stopped
   */
  constructor(
    private readonly work: (id: string, signal: AbortSignal) => Promise<void>,
    private readonly onError: (id: string, error: unknown) => void,
  ) {}

  /** Puts a job last, unless it waits or runs already. */
  push(id: string): void {
    if (!this.closed && this.current?.id !== id && !this.waiting.includes(id)) {
      this.waiting.push(id);
      this.next();
    }
  }

  /** Stops a job, or takes it out of the queue; resolves once it has stopped. */
  async stop(id: string): Promise<void> {
    const index = this.waiting.indexOf(id);
    if (index >= 0) {
      this.waiting.splice(index, 1);
    }
    if (this.current?.id === id) {
      const { controller, done } = this.current;
      controller.abort(new DOMException('The job was stopped.', 'AbortError'));
      await done;
    }
  }

  /** Stops the running job and takes no more. */
  async close(): Promise<void> {
    this.closed = true;
    this.waiting.length = 0;
    if (this.current !== undefined) {
      await this.stop(this.current.id);
    }
  }

  private next(): void {
    const id = this.current === undefined ? this.waiting.shift() : undefined;
    if (id === undefined) {
      return;
    }
    const controller = new AbortController();
    const done = this.work(id, controller.signal)
      .catch((error: unknown) => {
        if (!controller.signal.aborted) {
          this.onError(id, error);
        }
      })
      .finally(() => {
        this.current = undefined;
        this.next();
      });
    this.current = { id, controller, done };
  }
}
