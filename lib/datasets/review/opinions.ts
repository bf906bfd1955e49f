import type { Opinion, Opinions } from '@/lib/datasets/contract';
import type { Owner } from '@/lib/database/owner';
import { findReviewMask, type ReviewItemRow } from '@/lib/database/reviews/item';
import type { Rle } from '@/lib/segmentation/rle';
import { rleIou } from './agreement';
import { reviewState } from './annotation';
import { mayAdjudicate, partyReviews, roundOf } from './round';

/** IoU of two masks; 0 when only one of them marks anything, null when neither does. */
function overlapOf(first: Rle | null, second: Rle | null): number | null {
  if (first === null && second === null) {
    return null;
  }
  return first === null || second === null ? 0 : rleIou(first, second);
}

/**
 * What the reviewers of a closed double review said, side by side with their masks, for who decides between them. The
 * round must be closed: until then the masks would tell an adjudicator what the others must not know yet.
 * @returns null for everybody else, in an open round, and for an item without a double review
 */
export async function opinionsFor(who: Owner, item: ReviewItemRow): Promise<Opinions | null> {
  const { double, open, parties } = roundOf(item);
  if (!double || open || !mayAdjudicate(item, who.userId)) {
    return null;
  }
  const by = await Promise.all(
    partyReviews(item, parties).map(async (row): Promise<Opinion> => {
      const { verdict, label, defectType, maskId } = reviewState(row);
      const rle = maskId === null ? null : await findReviewMask(item.imageId, maskId);
      const reviewer = row.reviewer === null ? null : { id: row.reviewer.id, name: row.reviewer.name };
      return { reviewer, verdict, label, defectType, mask: rle as Rle | null };
    }),
  );
  const overlaps = by.flatMap((one, first) =>
    by.slice(first + 1).map((other, offset) => ({
      between: [first, first + 1 + offset] as [number, number],
      iou: overlapOf(one.mask, other.mask),
    })),
  );
  return { by, overlaps };
}
