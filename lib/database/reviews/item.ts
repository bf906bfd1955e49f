import { database } from '../client';
import type { Prisma } from '../generated/client';
import type { Owner } from '../owner';

type Tx = Prisma.TransactionClient;

const person = { select: { id: true, name: true } } as const;

/** Everything about an item that its review needs; reviews and comments oldest first. */
const whole = {
  dataset: { select: { ownerId: true } },
  image: { select: { id: true, name: true, width: true, height: true } },
  mask: { select: { id: true, rle: true } },
  assignments: { include: { reviewer: person }, orderBy: [{ createdAt: 'asc' }, { reviewerId: 'asc' }] },
  reviews: { include: { reviewer: person }, orderBy: [{ createdAt: 'asc' }, { revision: 'asc' }] },
  comments: { include: { author: person }, orderBy: { createdAt: 'asc' } },
} as const satisfies Prisma.DatasetItemInclude;

export type ReviewItemRow = Prisma.DatasetItemGetPayload<{ include: typeof whole }>;
export type ReviewRow = ReviewItemRow['reviews'][number];

/** Items that a person may review: those of the own sets, and those assigned to them. */
export function reviewable({ userId }: Owner): Prisma.DatasetItemWhereInput {
  return {
    dataset: { deletedAt: null },
    OR: [{ dataset: { ownerId: userId } }, { assignments: { some: { reviewerId: userId } } }],
  };
}

async function find(tx: Tx, who: Owner, datasetId: string, itemId: string): Promise<ReviewItemRow | null> {
  return tx.datasetItem.findFirst({ where: { id: itemId, datasetId, ...reviewable(who) }, include: whole });
}

/** An item with its reviews; null when it is absent or not the person's to review. */
export async function findReviewItem(who: Owner, datasetId: string, itemId: string): Promise<ReviewItemRow | null> {
  return find(database(), who, datasetId, itemId);
}

/** A mask that a review brings. */
export type NewReviewMask = Pick<
  Prisma.MaskUncheckedCreateInput,
  'id' | 'rle' | 'bbox' | 'areaFraction' | 'label' | 'supersedesId'
>;
export type NewReview = Omit<Prisma.ReviewUncheckedCreateInput, 'itemId' | 'createdAt' | 'reviewerId' | 'revision'> & {
  reviewerId: string;
  revision: number;
};
/** What an item says from now on. */
export type ItemChange = Pick<
  Prisma.DatasetItemUncheckedUpdateInput,
  'verdict' | 'label' | 'defectType' | 'maskId' | 'description' | 'impact' | 'suggestion' | 'revision'
>;

/** What a review stores, in this order. */
export type ReviewWrites = {
  mask?: NewReviewMask | undefined;
  review: NewReview;
  /** Absent: the item stays as it is (an open blind review). */
  item?: ItemChange | undefined;
  /** Sets or clears the reviewer's assignment. */
  done?: boolean | undefined;
};

/** Run lengths of those of the masks that are the item's image's. */
export type LoadMasks = (ids: readonly (string | null)[]) => Promise<[id: string, rle: Prisma.JsonValue][]>;

/** Verdicts that leave an item's text to somebody else. */
const UNDECIDED: ReadonlySet<string> = new Set(['skipped', 'second_opinion']);

/** A decision is made with the drafts of its item in view; taking it back brings them back. */
async function settleDrafts(
  tx: Tx,
  { id: itemId, reviews }: ReviewItemRow,
  { verdict, supersedesId }: NewReview,
  now: Date,
): Promise<void> {
  if (verdict === 'undone') {
    const undone = reviews.find(({ id }) => id === supersedesId);
    await tx.itemDraft.updateMany({
      where: { itemId, reviewedAt: undone?.createdAt ?? now },
      data: { reviewedAt: null },
    });
  } else if (!UNDECIDED.has(verdict)) {
    await tx.itemDraft.updateMany({ where: { itemId, reviewedAt: null }, data: { reviewedAt: now } });
  }
}

/**
 * Decides about an item and stores the decision in one transaction that holds the write lock, so that what `decide` saw
 * is what is there when its writes happen.
 * @param decide returns what is to be written, or a refusal, which changes nothing
 * @returns null when there is no such item for this person
 */
export async function changeItem<Refusal>(
  who: Owner,
  { datasetId, itemId }: { datasetId: string; itemId: string },
  decide: (item: ReviewItemRow, loadMasks: LoadMasks) => Promise<ReviewWrites | { refused: Refusal }>,
): Promise<{ stored: ReviewItemRow } | { refused: Refusal; item: ReviewItemRow } | null> {
  return database().$transaction(async (tx) => {
    const item = await find(tx, who, datasetId, itemId);
    if (item === null) {
      return null;
    }
    const decision = await decide(item, async (ids) => {
      const found = await tx.mask.findMany({
        where: { imageId: item.imageId, id: { in: ids.filter((id) => id !== null) } },
        select: { id: true, rle: true },
      });
      return found.map(({ id, rle }) => [id, rle]);
    });
    if ('refused' in decision) {
      return { ...decision, item };
    }
    const { mask, review, item: change, done } = decision;
    const now = new Date();
    if (mask !== undefined) {
      const { imageId } = item;
      await tx.mask.create({
        data: { ...mask, imageId, authorId: review.reviewerId, score: 1, source: 'human', createdAt: now },
      });
    }
    await tx.review.create({ data: { ...review, itemId, createdAt: now } });
    if (change !== undefined) {
      await tx.datasetItem.update({ where: { id: itemId }, data: { ...change, updatedAt: now } });
      await settleDrafts(tx, item, review, now);
    }
    if (done !== undefined) {
      const where = { itemId, reviewerId: review.reviewerId };
      await tx.assignment.updateMany({ where, data: { doneAt: done ? now : null } });
    }
    const stored = await tx.datasetItem.findUniqueOrThrow({ where: { id: itemId }, include: whole });
    return { stored };
  });
}

/** Adds a comment; false when there is no such item for this person. */
export async function addComment(
  who: Owner,
  { datasetId, itemId }: { datasetId: string; itemId: string },
  comment: { id: string; text: string },
): Promise<boolean> {
  return database().$transaction(async (tx) => {
    const item = await tx.datasetItem.findFirst({
      where: { id: itemId, datasetId, ...reviewable(who) },
      select: { id: true },
    });
    if (item === null) {
      return false;
    }
    await tx.itemComment.create({ data: { ...comment, itemId, authorId: who.userId } });
    return true;
  });
}

/** Normal images of the item's set, accepted ones and the same category first. */
export async function findNormalImages(item: ReviewItemRow, count: number) {
  const where = {
    datasetId: item.datasetId,
    label: 'normal' as const,
    imageId: { not: item.imageId },
    OR: [{ verdict: null }, { verdict: { not: 'rejected' as const } }],
  };
  const choose = (extra: Prisma.DatasetItemWhereInput) =>
    database().datasetItem.findMany({
      where: { ...where, AND: [extra] },
      orderBy: { path: 'asc' },
      take: count,
      select: { image: { select: { id: true, name: true, width: true, height: true } } },
    });
  const { category } = item;
  const accepted = await choose({ category, verdict: { in: ['accepted', 'relabelled'] } });
  const same = accepted.length >= count ? [] : await choose({ category });
  const found = [...accepted, ...same];
  const others = found.length > 0 ? [] : await choose({});
  return [...new Map([...found, ...others].map(({ image }) => [image.id, image])).values()].slice(0, count);
}

/** Id of the latest inspection of an image, of any bundle. */
export async function findLatestInspectionId(imageId: string): Promise<string | null> {
  const found = await database().inspection.findFirst({
    where: { imageId },
    orderBy: { createdAt: 'desc' },
    select: { id: true },
  });
  return found?.id ?? null;
}

/** The run lengths of one of an image's masks. */
export async function findReviewMask(imageId: string, maskId: string): Promise<Prisma.JsonValue | null> {
  const found = await database().mask.findFirst({ where: { id: maskId, imageId }, select: { rle: true } });
  return found?.rle ?? null;
}
