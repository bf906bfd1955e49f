import { reviewLimits, type Person, type ReviewEntry, type ReviewItem } from '@/lib/datasets/contract';
import type { Owner } from '@/lib/database/owner';
import {
  findLatestInspectionId,
  findNormalImages,
  findReviewItem,
  findReviewMask,
  type ReviewItemRow,
  type ReviewRow,
} from '@/lib/database/reviews/item';
import { notFound } from '@/lib/http/app-error';
import type { Rle } from '@/lib/segmentation/rle';
import { readPendingDraft } from '../drafts/pending';
import { toJudgement } from '../items';
import { stateFor } from './annotation';
import { opinionsFor } from './opinions';
import { isDisputed, isBlinded, roundOf, visibleRevision } from './round';

const toPerson = (user: { id: string; name: string } | null): Person | null =>
  user === null ? null : { id: user.id, name: user.name };

function toEntry(row: ReviewRow): ReviewEntry {
  const { id, verdict, label, defectType, maskId, comment, revision, supersedesId } = row;
  const { description, impact, suggestion } = row;
  return {
    id,
    reviewer: toPerson(row.reviewer),
    verdict,
    label,
    defectType,
    maskId,
    text: { description, impact, suggestion },
    comment,
    revision,
    supersedesId,
    createdAt: row.createdAt.toISOString(),
  };
}

async function maskOf(item: ReviewItemRow, maskId: string | null): Promise<Rle | null> {
  if (maskId === null) {
    return null;
  }
  const rle = item.mask?.id === maskId ? item.mask.rle : await findReviewMask(item.imageId, maskId);
  return rle === null ? null : (rle as Rle);
}

/** An item as this person may see it: in an open double review without anything of the others. */
export async function describeItem(who: Owner, item: ReviewItemRow): Promise<ReviewItem> {
  const blinded = isBlinded(item, who.userId);
  const shows = (authorId: string | null) => !blinded || authorId === who.userId || !concerns(item, authorId);
  const annotation = stateFor(item, who.userId);
  return {
    id: item.id,
    datasetId: item.datasetId,
    path: item.path,
    category: item.category,
    split: item.split,
    image: item.image,
    annotation,
    mask: await maskOf(item, annotation.maskId),
    revision: visibleRevision(item, who.userId),
    blind: roundOf(item).open,
    disputed: isDisputed(item),
    opinions: await opinionsFor(who, item),
    score: item.score,
    judgement: toJudgement(item.judgement),
    reviews: item.reviews.filter(({ reviewerId }) => shows(reviewerId)).map(toEntry),
    comments: item.comments
      .filter(({ authorId }) => shows(authorId))
      .map(({ id, author, text, createdAt }) => ({
        id,
        author: toPerson(author),
        text,
        createdAt: createdAt.toISOString(),
      })),
    assignments: item.assignments.map(({ reviewer, adjudicates, doneAt }) => ({
      reviewer: { id: reviewer.id, name: reviewer.name },
      adjudicates,
      done: doneAt !== null,
    })),
    references: await findNormalImages(item, reviewLimits.references),
    inspectionId: await findLatestInspectionId(item.imageId),
    draft: await readPendingDraft(item.id, annotation),
  };
}

/** Whether somebody takes part in the item's double review. */
function concerns(item: ReviewItemRow, userId: string | null): boolean {
  return item.assignments.some(({ reviewerId }) => reviewerId === userId);
}

/** @throws AppError not_found */
export async function readItem(who: Owner, datasetId: string, itemId: string): Promise<ReviewItem> {
  const item = await findReviewItem(who, datasetId, itemId);
  if (item === null) {
    throw notFound('item');
  }
  return describeItem(who, item);
}
