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

/** How many jobs there may be at a time, of all and of one person. */
export type Width = { all: number; perPerson: number };

/** So many jobs of a person may wait even when others have filled the queue. */
const RESERVED = 8;

/**
 * Runs jobs in turns, by person and then by key (lib/engine/rounds), so that nobody who sends many waits for less than
 * others. At most `capacity` jobs wait, and beyond that a few of everybody who does not fill it.
 */
export class FairQueue {
  private readonly waiting = new Rounds<Job>();
  /** Background work, served when nothing else waits. */
  private readonly background = new Rounds<Job>();
  private readonly running: Tally;
  /** Jobs that have stepped aside. */
  private readonly aside: Tally;

  /**
   * @param width jobs that run at once
   * @param perPerson of which so many may be one person's
   * @param aside jobs that may have stepped aside; with as many, no further one is started
   */
  constructor(
    private readonly capacity: number,
    width = 1,
    perPerson = width,
    aside: Width = { all: Infinity, perPerson: Infinity },
  ) {
    this.running = new Tally({ all: width, perPerson });
    this.aside = new Tally(aside);
  }

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
    return this.waiting.lengthOf(person) + this.running.of(person) + this.aside.of(person);
  }

  get isBusy(): boolean {
    return this.running.all + this.aside.all > 0;
  }

  /**
   * Runs `work` when it is its turn. By the function that it is given, it steps aside: it goes on, and the next job is
   * started. Background work waits until nobody has stepped aside either.
   * @param key see `queueKey`
   * @throws EngineError `queue_full` at once, `cancelled` when the signal is aborted while waiting; whatever `work`
   *   throws
   */
  async run<Result>(
    key: string,
    work: (stepAside: () => void) => Promise<Result>,
    options: JobOptions = {},
  ): Promise<Result> {
    const person = personOf(key);
    if (options.signal?.aborted === true) {
      throw new EngineError('cancelled', 'The work was cancelled.');
    }
    if (this.mayRun(person) && (options.background !== true || this.aside.all === 0)) {
      this.running.add(person);
      (options.background === true ? this.background : this.waiting).noteTurn(person);
    } else {
      await this.wait(key, options);
    }
    let tally = this.running;
    const stepAside = () => {
      if (tally === this.running) {
        this.running.remove(person);
        this.aside.add(person);
        tally = this.aside;
        this.startNext();
      }
    };
    try {
      options.onPosition?.(0);
      return await work(stepAside);
    } finally {
      tally.remove(person);
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
    return this.running.hasRoom(person) && this.aside.hasRoom(person);
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
    const isIdle = this.waiting.length === 0 && this.aside.all === 0;
    const job = (isIdle ? this.background : this.waiting).take((person) => this.mayRun(person));
    if (job === undefined) {
      return;
    }
    // Counted from now on, not only once the job's promise has run: a call in between must wait.
    this.running.add(job.person);
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

/** Counts jobs by person. */
class Tally {
  private readonly counts = new Map<string, number>();
  all = 0;

  constructor(private readonly width: Width) {}

  of(person: string): number {
    return this.counts.get(person) ?? 0;
  }

  hasRoom(person: string): boolean {
    return this.all < this.width.all && this.of(person) < this.width.perPerson;
  }

  add(person: string): void {
    this.counts.set(person, this.of(person) + 1);
    this.all += 1;
  }

  remove(person: string): void {
    const count = this.of(person) - 1;
    this.all -= 1;
    if (count > 0) {
      this.counts.set(person, count);
    } else {
      this.counts.delete(person);
    }
  }
}
