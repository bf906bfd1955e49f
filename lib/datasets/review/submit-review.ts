import { newId } from '@/lib/contract';
import {
  SAME_MASK_IOU,
  type AnnotationState,
  type ReviewConflict,
  type ReviewItem,
  type SubmitReview,
} from '@/lib/datasets/contract';
import type { Owner } from '@/lib/database/owner';
import {
  changeItem,
  type LoadMasks,
  type NewReview,
  type NewReviewMask,
  type ReviewItemRow,
  type ReviewWrites,
} from '@/lib/database/reviews/item';
import { AppError, notFound } from '@/lib/http/app-error';
import type { Rle } from '@/lib/segmentation/rle';
import { rleIou } from './agreement';
import { reviewState, stateFor } from './annotation';
import { describeItem } from './describe-item';
import { readMask, sameMask, toMaskRow } from './read-mask';
import { closingRevision, liveReviews, partyReviews, roundOf, visibleRevision, type Round } from './round';

export type ItemAddress = { datasetId: string; itemId: string };
export type ReviewOutcome = { item: ReviewItem } | { conflict: ReviewConflict };

/** A mask that was sent, already decoded; undefined: none was sent. */
type SentMask = { rle: Rle | null } | undefined;

/** What the annotation says after a review, and the mask row that it brings. */
function apply(item: ReviewItemRow, before: AnnotationState, review: SubmitReview, sent: SentMask) {
  const label = review.label ?? before.label;
  const defectType = review.defectType === undefined ? before.defectType : review.defectType;
  const known = item.mask?.id === before.maskId ? (item.mask?.rle as Rle | undefined) : undefined;
  const isSame =
    before.maskId === null ? sent?.rle === null : known !== undefined && sameMask(known, sent?.rle ?? null);
  let mask: NewReviewMask | undefined;
  let maskId = before.maskId;
  if (sent !== undefined && !isSame) {
    mask = sent.rle === null ? undefined : toMaskRow(sent.rle, defectType ?? 'unknown', before.maskId);
    maskId = mask?.id ?? null;
  }
  const verdict =
    review.verdict === 'skipped' && before.verdict !== null && before.verdict !== 'skipped'
      ? // Skipping decides nothing: a decision that is there stays.
        before.verdict
      : review.verdict;
  const {
    description = before.description,
    impact = before.impact,
    suggestion = before.suggestion,
  } = review.text ?? {};
  const after: AnnotationState = { verdict, label, defectType, maskId, description, impact, suggestion };
  return { after, mask };
}

function toReviewRow(
  who: Owner,
  review: SubmitReview,
  states: { before: AnnotationState; after: AnnotationState },
): Omit<NewReview, 'revision'> {
  const { label, defectType, maskId, description, impact, suggestion } = states.after;
  return {
    id: newId(),
    reviewerId: who.userId,
    verdict: review.verdict,
    label,
    defectType,
    maskId,
    description,
    impact,
    suggestion,
    comment: review.comment ?? null,
    before: states.before,
  };
}

/**
 * Whether the last review of a double review says the same as the others: verdict, label, type, and nearly the same
 * pixels.
 */
function agrees(last: AnnotationState, others: readonly AnnotationState[], masks: ReadonlyMap<string, Rle>): boolean {
  const maskOf = ({ maskId }: AnnotationState) => (maskId === null ? undefined : masks.get(maskId));
  return others.every((other) => {
    const [own, theirs] = [maskOf(last), maskOf(other)];
    const sameArea =
      last.maskId === other.maskId ||
      (own !== undefined && theirs !== undefined && rleIou(own, theirs) >= SAME_MASK_IOU);
    const { verdict, label, defectType } = other;
    return verdict === last.verdict && label === last.label && defectType === last.defectType && sameArea;
  });
}

type Made = { review: Omit<NewReview, 'revision'>; mask: NewReviewMask | undefined; after: AnnotationState };

/** Writes of a review inside an open round: alone it changes nothing on the item; the last one closes the round. */
async function inRound(
  item: ReviewItemRow,
  round: Round,
  who: Owner,
  made: Made,
  loadMasks: LoadMasks,
): Promise<ReviewWrites> {
  const { review, mask, after } = made;
  const done = review.verdict !== 'skipped';
  const closes = done && round.waitingFor.every((id) => id === who.userId);
  if (!closes) {
    return { mask, review: { ...review, revision: 0 }, done };
  }
  const others = partyReviews(item, round.parties)
    .filter(({ reviewerId }) => reviewerId !== who.userId)
    .map(reviewState);
  const masks = new Map(
    (await loadMasks([after, ...others].map(({ maskId }) => maskId))).map(([id, rle]) => [id, rle as Rle]),
  );
  if (mask !== undefined) {
    masks.set(mask.id, mask.rle as Rle);
  }
  const revision = closingRevision(item);
  const change = agrees(after, others, masks) ? after : { verdict: 'second_opinion' as const };
  return { mask, review: { ...review, revision }, item: { ...change, revision }, done };
}

/**
 * Stores a review. It is a new row with its author and time; the item then says what it says, under a new revision.
 * Nothing that was there is overwritten: a review that was made on an older revision is refused with both versions. In
 * a blind double review the item changes only when all reviews are in: to what they agree on, else it waits for a
 * second opinion.
 * @throws AppError not_found, invalid_request (a mask that does not fit), forbidden (an open double review of others)
 */
export async function submitReview(who: Owner, address: ItemAddress, review: SubmitReview): Promise<ReviewOutcome> {
  const result = await changeItem(
    who,
    address,
    async (item, loadMasks): Promise<ReviewWrites | { refused: 'conflict' }> => {
      const sent: SentMask =
        review.mask === undefined
          ? undefined
          : { rle: review.mask === null ? null : readMask(review.mask, item.image) };
      const round = roundOf(item);
      if (round.open && !round.parties.includes(who.userId)) {
        throw new AppError(
          'forbidden',
          'Two others review this item blindly: wait until both are done, then decide between them',
        );
      }
      if (review.revision !== visibleRevision(item, who.userId)) {
        return { refused: 'conflict' };
      }
      const before = stateFor(item, who.userId);
      const { after, mask } = apply(item, before, review, sent);
      const row = toReviewRow(who, review, { before, after });
      const own = liveReviews(item.reviews).findLast(({ reviewerId }) => reviewerId === who.userId);
      const made = { review: { ...row, supersedesId: own?.id ?? null }, mask, after };
      if (round.open) {
        return inRound(item, round, who, made, loadMasks);
      }
      const revision = item.revision + 1;
      const isAssigned = item.assignments.some(({ reviewerId }) => reviewerId === who.userId);
      return {
        mask,
        review: { ...made.review, revision },
        item: { ...after, revision },
        done: isAssigned && review.verdict !== 'skipped' ? true : undefined,
      };
    },
  );
  if (result === null) {
    throw notFound('item');
  }
  if ('refused' in result) {
    const { mask: _mask, ...yours } = review;
    const message =
      'Somebody else changed this item since you opened it: nothing of yours was stored. Compare both versions, then decide again';
    return {
      conflict: { error: { code: 'conflict', message }, current: await describeItem(who, result.item), yours },
    };
  }
  return { item: await describeItem(who, result.stored) };
}
