import { newId } from '@/lib/contract';
import type { Owner } from '@/lib/database/owner';
import { changeItem, type ReviewItemRow, type ReviewRow, type ReviewWrites } from '@/lib/database/reviews/item';
import { AppError, notFound } from '@/lib/http/app-error';
import { stateBefore, stateFor } from './annotation';
import { describeItem } from './describe-item';
import { liveReviews, roundOf, visibleRevision } from './round';
import type { ItemAddress, ReviewOutcome } from './submit-review';

/**
 * The review that an undo takes back: the latest one, which must be the person's own. @throws AppError conflict saying
 * why there is none
 */
function undoable(item: ReviewItemRow, who: Owner): ReviewRow {
  const { double, open } = roundOf(item);
  if (double && !open) {
    throw new AppError(
      'conflict',
      'Both reviews of this item are in and may have been read: review it again instead of undoing',
    );
  }
  const live = liveReviews(item.reviews).filter((row) => (open ? row.reviewerId === who.userId : true));
  const last = open ? live.findLast((row) => row.revision === 0) : live.at(-1);
  if (last === undefined) {
    throw new AppError('conflict', 'There is no review of yours to undo on this item');
  }
  if (last.reviewerId !== who.userId) {
    throw new AppError('conflict', 'Somebody else reviewed this item after you: review it again instead of undoing');
  }
  return last;
}

/**
 * Takes the person's last review of an item back, as a new row: the annotation is again what it was before. Undoing
 * again takes back the one before.
 * @throws AppError not_found; conflict when there is nothing of the person's to undo, or others came after
 */
export async function undoReview(who: Owner, address: ItemAddress, revision: number): Promise<ReviewOutcome> {
  const result = await changeItem(who, address, async (item): Promise<ReviewWrites | { refused: 'conflict' }> => {
    if (revision !== visibleRevision(item, who.userId)) {
      return { refused: 'conflict' };
    }
    const last = undoable(item, who);
    const restored = stateBefore(last);
    const { verdict: _verdict, ...annotation } = restored;
    const { open } = roundOf(item);
    const review = {
      id: newId(),
      reviewerId: who.userId,
      verdict: 'undone' as const,
      ...annotation,
      before: stateFor(item, who.userId),
      supersedesId: last.id,
    };
    if (open) {
      const earlier = liveReviews(item.reviews).filter(
        (row) => row.reviewerId === who.userId && row.revision === 0 && row.id !== last.id,
      );
      return { review: { ...review, revision: 0 }, done: earlier.length > 0 };
    }
    const next = item.revision + 1;
    return { review: { ...review, revision: next }, item: { ...restored, revision: next }, done: false };
  });
  if (result === null) {
    throw notFound('item');
  }
  if ('refused' in result) {
    const message = 'Somebody else changed this item since you opened it: nothing was undone. Look at it again';
    return {
      conflict: { error: { code: 'conflict', message }, current: await describeItem(who, result.item), yours: null },
    };
  }
  return { item: await describeItem(who, result.stored) };
}
