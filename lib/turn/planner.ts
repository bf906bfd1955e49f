/** What a question asks for, such as `place` or `cause, actions` (models/training/looktwice_train/instruct/plan.py). */
export type Plan = {
  name: string;
  /** What the writer is told behind the question. */
  cue: string;
};

/**
 * Tells what a question asks for; null where that is not clear.
 * @throws EngineError `cancelled` when the signal is aborted
 */
export type Planner = (question: string, signal: AbortSignal) => Promise<Plan | null>;
