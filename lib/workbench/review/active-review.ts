import type { Verdict } from '@/lib/datasets/contract';
import { createStore } from '../state/create-store';

/** What commands can ask of the review that is in front. */
export type ReviewHandle = {
  decide: (verdict: Verdict) => Promise<void>;
  undo: () => Promise<void>;
  step: (step: 1 | -1) => void;
  relabel: () => void;
  draft: () => Promise<void>;
  nextReference: () => void;
  /** Shows or hides the mask of a reviewer, by the place in the list of opinions. */
  toggleOpinion: (place: number) => void;
  focus: (field: 'description' | 'comment') => void;
  help: () => void;
};

export const activeReview = createStore<ReviewHandle | null>(null);
