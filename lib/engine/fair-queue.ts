import { EngineError } from './errors';
import { Rounds, personOf } from './rounds';

type Job = {
  start: () => void;
  onPosition: ((position: number) => void) | undefined;
  position: number;
  person: string;
};

export type JobOptions = {
  signal?: AbortSignal | undefined;
  /** Starts only when no other job waits. */
  background?: boolean | undefined;
  /** Told whenever the place in the queue changes: 1 is next, 0 is running. */
  onPosition?: ((position: number) => void) | undefined;
};

/** So many jobs of a person may wait even when others have filled the queue. */
const RESERVED = 8;

/**
 * Runs jobs in turns, by person and then by key (lib/engine/rounds), so that nobody who sends many waits for less than others. At most `capacity` jobs wait, and
 * beyond that a few of everybody who does not fill it.
 */
export class FairQueue {
  private readonly waiting = new Rounds<Job>();
  /** Background work, served when nothing else waits. */
  private readonly background = new Rounds<Job>();
  /** How many jobs of each person run. */
  private readonly running = new Map<string, number>();

  /**
   * @param width jobs that run at once
   * @param perPerson of which so many may be one person's
   */
  constructor(
    private readonly capacity: number,
    private readonly width = 1,
    private readonly perPerson = width,
  ) {}

  /** Jobs that wait, those that run and background work not counted. */
  get length(): number {
    return this.waiting.length;
  }

  /** Background jobs that wait. */
  get backgroundLength(): number {
    return this.background.length;
  }

  /** Jobs of a person that wait or run, background work not counted among those that wait. */
  underWay(key: string): number {
    const person = personOf(key);
    return this.waiting.lengthOf(person) + (this.running.get(person) ?? 0);
  }

  get isBusy(): boolean {
    return this.running.size > 0;
  }

  /**
   * Runs `work` when it is its turn.
   * @param key see `queueKey`
   * @throws EngineError `queue_full` at once, `cancelled` when the signal is aborted while waiting; whatever `work` throws
   */
  async run<Result>(key: string, work: () => Promise<Result>, options: JobOptions = {}): Promise<Result> {
    const person = personOf(key);
    if (options.signal?.aborted === true) {
      throw new EngineError('cancelled', 'The work was cancelled.');
    }
    if (this.mayRun(person)) {
      this.count(person, 1);
      (options.background === true ? this.background : this.waiting).noteTurn(person);
    } else {
      await this.wait(key, options);
    }
    try {
      options.onPosition?.(0);
      return await work();
    } finally {
      this.count(person, -1);
      this.startNext();
    }
  }

  /** @throws EngineError `queue_full` when no more jobs of this person may wait */
  requireRoom(key: string): void {
    if (this.length >= this.capacity && this.waiting.lengthOf(personOf(key)) >= Math.min(RESERVED, this.capacity)) {
      throw new EngineError('queue_full', `${this.capacity} questions are waiting already: try again in a moment.`);
    }
  }

  private mayRun(person: string): boolean {
    let all = 0;
    for (const count of this.running.values()) {
      all += count;
    }
    return all < this.width && (this.running.get(person) ?? 0) < this.perPerson;
  }

  private count(person: string, change: 1 | -1): void {
    const count = (this.running.get(person) ?? 0) + change;
    if (count > 0) {
      this.running.set(person, count);
    } else {
      this.running.delete(person);
    }
  }

  private wait(key: string, { signal, background = false, onPosition }: JobOptions): Promise<void> {
    const lane = background ? this.background : this.waiting;
    if (!background) {
      this.requireRoom(key);
    }
    return new Promise((resolve, reject) => {
      const job: Job = {
        start: () => {
          signal?.removeEventListener('abort', leave);
          resolve();
        },
        onPosition,
        position: -1,
        person: personOf(key),
      };
      const leave = () => {
        lane.remove(key, job);
        this.announce();
        reject(new EngineError('cancelled', 'The work was cancelled while it was waiting.'));
      };
      signal?.addEventListener('abort', leave, { once: true });
      lane.add(key, job);
      this.announce();
    });
  }

  private startNext(): void {
    const lane = this.waiting.length > 0 ? this.waiting : this.background;
    const job = lane.take((person) => this.mayRun(person));
    if (job === undefined) {
      return;
    }
    // Counted from now on, not only once the job's promise has run: a call in between must wait.
    this.count(job.person, 1);
    job.start();
    this.announce();
  }

  private announce(): void {
    [...this.waiting.order(), ...this.background.order()].forEach((job, index) => {
      if (job.position !== index + 1) {
        job.position = index + 1;
        job.onPosition?.(job.position);
      }
    });
  }
}
