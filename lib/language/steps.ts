import { setImmediate as nextTurn } from 'node:timers/promises';
import { fitTogether } from './batch-rows';
import type { KvCache } from './kv-cache';
import type { PositionSource } from './prompt';

/** A position that is to be appended to a sequence. */
export type Step = { cache: KvCache; source: PositionSource };

type Waiting = Step & { resolve: () => void; reject: (error: unknown) => void };

/**
 * Carries out the steps of several answers that are written at the same time: those that are ready now share a run, and nobody is waited for who
 * looks, reads or points. An answer joins and leaves between two steps.
 */
export class Steps {
  private waiting: Waiting[] = [];
  private isWorking = false;

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

  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.waiting.length > 0) {
      if (this.isShared()) {
        // Whoever got a token from the step before chooses the next one in the first turn; the second is for those whose turn came after this one's.
        await nextTurn();
        await nextTurn();
      }
      const chosen = choose(this.waiting);
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
