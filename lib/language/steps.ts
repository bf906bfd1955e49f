import { setImmediate as nextTurn } from 'node:timers/promises';
import { fitTogether } from './batch-rows';
import type { KvCache } from './kv-cache';
import type { PositionSource } from './prompt';

/** A position that is to be appended to a sequence; `underWay`: how many answers whoever it is for has under way. */
export type Step = { cache: KvCache; source: PositionSource; underWay?: number | undefined };

/** Who has more than so many times as many answers under way as somebody whose image is looked at waits meanwhile... */
const CROWD = 2;
/** ...for so long at most, in ms. */
const LONGEST_WAIT = 5000;

type Waiting = Step & { resolve: () => void; reject: (error: unknown) => void };

/**
 * Carries out the steps of several answers that are written at the same time: those that are ready now share a run, and
 * nobody is waited for who looks, reads or points. An answer joins and leaves between two steps.
 */
export class Steps {
  private waiting: Waiting[] = [];
  private isWorking = false;
  /** Of those who go first: how many answers they have under way. */
  private readonly first = new Map<symbol, number>();

  /**
   * @param alone appends to one sequence
   * @param together appends to several that fit together
   * @param isShared whether others may be about to hand in a step
   */
  constructor(
    private readonly alone: (step: Step) => Promise<void>,
    private readonly together: (steps: readonly Step[]) => Promise<void>,
    private readonly isShared: () => boolean,
  ) {}

  /** Appends a position; `cache` must have no other step under way. */
  run(step: Step): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...step, resolve, reject });
      if (!this.isWorking) {
        void this.work();
      }
    });
  }

  /**
   * From now on those who have many more answers under way than `underWay` let their steps wait, until the returned
   * function is called: a look shares the cores with the steps otherwise, and a person who asks now and then would wait
   * for a flood of somebody else's answers.
   */
  goFirst(underWay: number): () => void {
    const key = Symbol('first');
    const end = () => {
      clearTimeout(timer);
      if (this.first.delete(key) && !this.isWorking) {
        void this.work();
      }
    };
    const timer = setTimeout(end, LONGEST_WAIT);
    this.first.set(key, underWay);
    return end;
  }

  private mustWait({ underWay = 1 }: Step): boolean {
    return [...this.first.values()].some((few) => underWay > CROWD * few);
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.waiting.length > 0) {
      if (this.isShared()) {
        // Whoever got a token from the step before chooses the next one in the first turn; the second is for those
        // whose turn came after this one's.
        await nextTurn();
        await nextTurn();
      }
      const chosen = choose(this.waiting.filter((step) => !this.mustWait(step)));
      if (chosen.length === 0) {
        break;
      }
      this.waiting = this.waiting.filter((step) => !chosen.includes(step));
      try {
        const [first, ...others] = chosen;
        await (first !== undefined && others.length === 0 ? this.alone(first) : this.together(chosen));
        chosen.forEach(({ resolve }) => resolve());
      } catch (error) {
        chosen.forEach(({ reject }) => reject(error));
      }
    }
    this.isWorking = false;
  }
}

/** Whoever waits longest, and those that fit together with it, in the order in which they came. */
function choose(waiting: readonly Waiting[]): Waiting[] {
  const lengths: number[] = [];
  return waiting.filter(({ cache }) => {
    const fits = fitTogether([...lengths, cache.keys.length]);
    if (fits) {
      lengths.push(cache.keys.length);
    }
    return fits;
  });
}
