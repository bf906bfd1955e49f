/** Work on jobs one after the other, in turns by person, each of which can be stopped. */
export class JobQueue {
  private readonly waiting: { id: string; person: string }[] = [];
  /** When a person last had a turn, as a count; who never had one is first. */
  private readonly served = new Map<string, number>();
  private turns = 0;
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

  /** Puts a job last of its person's, unless it waits or runs already. */
  push(id: string, person: string): void {
    if (!this.closed && this.current?.id !== id && !this.waiting.some((job) => job.id === id)) {
      this.waiting.push({ id, person });
      this.next();
    }
  }

  /** Stops a job, or takes it out of the queue; resolves once it has stopped. */
  async stop(id: string): Promise<void> {
    const index = this.waiting.findIndex((job) => job.id === id);
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

  /** The first job of the person whose last turn is longest ago. */
  private take(): string | undefined {
    const lastTurn = ({ person }: { person: string }) => this.served.get(person) ?? -1;
    const first = this.waiting.reduce<{ id: string; person: string } | undefined>(
      (best, job) => (best === undefined || lastTurn(job) < lastTurn(best) ? job : best),
      undefined,
    );
    if (first === undefined) {
      this.served.clear();
      return undefined;
    }
    this.waiting.splice(this.waiting.indexOf(first), 1);
    this.turns += 1;
    this.served.set(first.person, this.turns);
    return first.id;
  }

  private next(): void {
    const id = this.current === undefined ? this.take() : undefined;
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
