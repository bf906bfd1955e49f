import { EngineError } from './errors';

type Job = {
  start: () => void;
  onPosition: ((position: number) => void) | undefined;
  position: number;
};

export type JobOptions = {
  signal?: AbortSignal | undefined;
  /** Starts only when no other job waits. */
  background?: boolean | undefined;
  /** Told whenever the place in the queue changes: 1 is next, 0 is running. */
  onPosition?: ((position: number) => void) | undefined;
};

/**
 * Runs one job at a time, round-robin over keys (conversations), so that nobody who sends many waits for less than others.
 * At most `capacity` jobs wait.
 */
export class FairQueue {
  /** Waiting jobs by key; the keys' order is the order in which they are served next. */
  private readonly waiting = new Map<string, Job[]>();
  /** Background work by key, served when nothing else waits. */
  private readonly background = new Map<string, Job[]>();
  private busy = false;

  constructor(private readonly capacity: number) {}

  /** Jobs that wait, the running one and background work not counted. */
  get length(): number {
    return [...this.waiting.values()].reduce((sum, jobs) => sum + jobs.length, 0);
  }

  get isBusy(): boolean {
    return this.busy;
  }

  /**
   * Runs `work` when it is its turn.
   * @throws EngineError `queue_full` at once, `cancelled` when the signal is aborted while waiting; whatever `work` throws
   */
  async run<Result>(key: string, work: () => Promise<Result>, options: JobOptions = {}): Promise<Result> {
    if (this.busy) {
      await this.wait(key, options);
    } else if (options.signal?.aborted === true) {
      throw new EngineError('cancelled', 'The work was cancelled.');
    }
    this.busy = true;
    try {
      options.onPosition?.(0);
      return await work();
    } finally {
      this.busy = false;
      this.startNext();
    }
  }

  /** @throws EngineError `queue_full` when no more jobs may wait */
  requireRoom(): void {
    if (this.length >= this.capacity) {
      throw new EngineError('queue_full', `${this.capacity} questions are waiting already: try again in a moment.`);
    }
  }

  private wait(key: string, { signal, background = false, onPosition }: JobOptions): Promise<void> {
    const lane = background ? this.background : this.waiting;
    if (!background) {
      this.requireRoom();
    }
    return new Promise((resolve, reject) => {
      const job: Job = {
        start: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
        onPosition,
        position: -1,
      };
      const leave = () => {
        this.remove(lane, key, job);
        this.announce();
        reject(new EngineError('cancelled', 'The work was cancelled while it was waiting.'));
      };
      if (signal?.aborted === true) {
        leave();
        return;
      }
      signal?.addEventListener('abort', leave, { once: true });
      lane.set(key, [...(lane.get(key) ?? []), job]);
      this.announce();
    });
  }

  private remove(lane: Map<string, Job[]>, key: string, job: Job): void {
    const rest = (lane.get(key) ?? []).filter((other) => other !== job);
    if (rest.length > 0) {
      lane.set(key, rest);
    } else {
      lane.delete(key);
    }
  }

  private startNext(): void {
    const lane = this.waiting.size > 0 ? this.waiting : this.background;
    const next = lane.entries().next();
    if (next.done === true) {
      return;
    }
    const [key, [job, ...rest]] = next.value;
    // The key goes to the end of the round.
    lane.delete(key);
    if (rest.length > 0) {
      lane.set(key, rest);
    }
    if (job !== undefined) {
      // Busy from now on, not only once the job's promise has run: a call in between must wait.
      this.busy = true;
      job.start();
    }
    this.announce();
  }

  /** The order in which jobs will run if none joins. */
  private order(): Job[] {
    return [this.waiting, this.background].flatMap((lane) => {
      const rounds = [...lane.values()];
      const longest = Math.max(0, ...rounds.map((jobs) => jobs.length));
      return Array.from({ length: longest }, (_, round) =>
        rounds.flatMap((jobs) => jobs.slice(round, round + 1)),
      ).flat();
    });
  }

  private announce(): void {
    this.order().forEach((job, index) => {
      if (job.position !== index + 1) {
        job.position = index + 1;
        job.onPosition?.(job.position);
      }
    });
  }
}
