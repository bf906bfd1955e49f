import type { ReviewItemRow, ReviewRow } from '@/lib/database/reviews/item';

/**
 * A double review. It is open as long as one of two or more assigned reviewers is not done; until then nobody concerned
 * sees another's decision, and the item itself stays as it was, so that no list or export gives one away.
 */
export type Round = {
  double: boolean;
  open: boolean;
  /** Assigned to review (not to adjudicate). */
  parties: string[];
  waitingFor: string[];
};

export function roundOf({
  assignments,
}: {
  assignments: readonly Pick<ReviewItemRow['assignments'][number], 'reviewerId' | 'adjudicates' | 'doneAt'>[];
}): Round {
  const reviewing = assignments.filter(({ adjudicates }) => !adjudicates);
  const waitingFor = reviewing.filter(({ doneAt }) => doneAt === null).map(({ reviewerId }) => reviewerId);
  const double = reviewing.length >= 2;
  return { double, open: double && waitingFor.length > 0, parties: reviewing.map((a) => a.reviewerId), waitingFor };
}

/**
 * Whether this person must not see what others decided: everybody who takes part in an open round, as reviewer or as
 * adjudicator.
 */
export function isBlinded(item: ReviewItemRow, userId: string): boolean {
  return roundOf(item).open && item.assignments.some(({ reviewerId }) => reviewerId === userId);
}

/**
 * Whether this person decides where the reviewers of a double review disagree: a named adjudicator, or the set's owner
 * where nobody is named.
 */
export function mayAdjudicate({ assignments, dataset }: ReviewItemRow, userId: string): boolean {
  const named = assignments.filter(({ adjudicates }) => adjudicates);
  return named.length === 0 ? dataset.ownerId === userId : named.some(({ reviewerId }) => reviewerId === userId);
}

/** Reviews that are neither undone nor an undo, oldest first. */
export function liveReviews<Row extends Pick<ReviewRow, 'id' | 'verdict' | 'supersedesId'>>(
  reviews: readonly Row[],
): Row[] {
  const undone = new Set(reviews.flatMap((row) => (row.verdict === 'undone' ? [row.supersedesId] : [])));
  return reviews.filter((row) => row.verdict !== 'undone' && !undone.has(row.id));
}

/** Reviews of an open round: they have made no revision yet. */
function pendingReviews(item: ReviewItemRow, userId?: string): ReviewRow[] {
  return item.reviews.filter(
    (row) => row.revision === 0 && (userId === undefined ? row.reviewerId !== null : row.reviewerId === userId),
  );
}

/** The latest live review of each party of the round. */
export function partyReviews(item: ReviewItemRow, parties: readonly string[]): ReviewRow[] {
  const live = liveReviews(item.reviews);
  return parties.flatMap((id) => live.findLast((row) => row.reviewerId === id) ?? []);
}

/**
 * The revision that a person sees. In an open round everybody counts the own reviews only, so that the number says
 * nothing about the others.
 */
export function visibleRevision(item: ReviewItemRow, userId: string): number {
  return item.revision + (roundOf(item).open ? pendingReviews(item, userId).length : 0);
}

/** The revision that closes a round: larger than any number that a party has seen. */
export function closingRevision(item: ReviewItemRow): number {
  return item.revision + pendingReviews(item).length + 2;
}

/**
 * The reviewers of a closed double review disagreed, and nobody has decided since: the item waits for a second opinion.
 */
export function isDisputed(item: ReviewItemRow): boolean {
  const { double, open } = roundOf(item);
  return double && !open && item.verdict === 'second_opinion';
}
