import { availableParallelism } from 'node:os';
import { FairQueue } from '@/lib/engine/fair-queue';
import { observe } from '@/lib/engine/telemetry';
import type { MaskPicture } from '../mask-picture';
import { DEFAULT_LIMITS, ImageChecker } from './client';
import type { CheckedImage } from './protocol';

/** Processes that decode at once; each may need as much memory as its limit. */
const WIDTH = Math.min(2, availableParallelism());
/** Files that may wait; each belongs to a request, which are bounded. */
const CAPACITY = 2_000;
const NOBODY = 'nobody';
/** Who has more files than these under way sends in numbers. */
const FEW = 4;
/**
 * As far behind the engine's threads (lib/engine/worker/priority) as can be: its operators wait for the slower of their
 * threads, so that a decoder that takes a third of one core makes a view take twice as long. With the cores otherwise
 * idle it decodes as fast as any.
 */
const PATIENT_NICENESS = 19;

/**
 * Some checkers behind a fair queue: whoever sends slow images in numbers waits for them, and others are served
 * meanwhile. With two processes one person uses one, and one that stands back for as long as the person has many images
 * under way.
 */
export class CheckerPool {
  private readonly queue = new FairQueue(CAPACITY, WIDTH, Math.max(1, WIDTH - 1));
  /** Processes start with the first image, so that those of a kind that nobody needs cost nothing. */
  private readonly idle: { prompt: ImageChecker[]; patient: ImageChecker[] };
  private readonly all: readonly ImageChecker[];

  /** @param make a checker of this niceness */
  constructor(make = (niceness: number) => new ImageChecker({ ...DEFAULT_LIMITS, niceness })) {
    const some = (niceness: number) => Array.from({ length: WIDTH }, () => make(niceness));
    this.idle = { prompt: some(0), patient: some(PATIENT_NICENESS) };
    this.all = [...this.idle.prompt, ...this.idle.patient];
  }

  /** @param person who brought it @throws EngineError as `ImageChecker.check` */
  check(path: string, person = NOBODY): Promise<CheckedImage> {
    return this.use(person, (checker) => checker.check(path));
  }

  /** @throws EngineError as `ImageChecker.readMask` */
  readMask(path: string, person = NOBODY): Promise<MaskPicture> {
    return this.use(person, (checker) => checker.readMask(path));
  }

  /** Images and masks that wait for a decoder. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Ends the processes. */
  close(): void {
    this.all.forEach((checker) => checker.close());
  }

  private use<Result>(person: string, work: (checker: ImageChecker) => Promise<Result>): Promise<Result> {
    const asked = performance.now();
    return this.queue.run(person, async () => {
      observe({ what: 'waited', queue: 'decoder', seconds: (performance.now() - asked) / 1000 });
      const idle = this.queue.underWay(person) > FEW ? this.idle.patient : this.idle.prompt;
      // The queue lets no more in than there are of either kind.
      const checker = idle.pop();
      if (checker === undefined) {
        throw new Error('The queue let in more than there are checkers.');
      }
      try {
        return await work(checker);
      } finally {
        idle.push(checker);
      }
    });
  }
}

/** What decodes: the pool, or (in tests) a single checker. */
type Checker = Pick<CheckerPool, 'check' | 'readMask' | 'close'> & Partial<Pick<CheckerPool, 'waiting'>>;

const holder = globalThis as typeof globalThis & { looktwiceChecker?: Checker };

/** The process's checkers. Kept on `globalThis`, since Next.js may load this module once per route. */
export function imageChecker(): Checker {
  holder.looktwiceChecker ??= new CheckerPool();
  return holder.looktwiceChecker;
}
