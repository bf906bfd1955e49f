import { annotationStateSchema, type AnnotationState, type Verdict } from '@/lib/datasets/contract';
import type { ReviewItemRow, ReviewRow } from '@/lib/database/reviews/item';
import { liveReviews, roundOf } from './round';

/** What an item says, without anything from an open round. */
function itemState(item: ReviewItemRow): AnnotationState {
  const { verdict, label, defectType, maskId, description, impact, suggestion } = item;
  return { verdict: verdictOf(verdict), label, defectType, maskId, description, impact, suggestion };
}

function verdictOf(verdict: ReviewRow['verdict'] | null): Verdict | null {
  return verdict === 'undone' ? null : verdict;
}

/** What a review says. */
export function reviewState(review: ReviewRow): AnnotationState {
  const { verdict, label, defectType, maskId, description, impact, suggestion } = review;
  return {
    verdict: verdictOf(verdict),
    label: label ?? 'unlabelled',
    defectType,
    maskId,
    description,
    impact,
    suggestion,
  };
}

/** What a person sees of an item: in an open round the own decision, else the one that counts. */
export function stateFor(item: ReviewItemRow, userId: string): AnnotationState {
  const own = roundOf(item).open
    ? liveReviews(item.reviews).findLast((row) => row.reviewerId === userId && row.revision === 0)
    : undefined;
  return own === undefined ? itemState(item) : reviewState(own);
}

/** The state before a review, as it was stored with it. @throws Error when what is stored has another form */
export function stateBefore(review: ReviewRow): AnnotationState {
  return annotationStateSchema.parse(review.before);
}
