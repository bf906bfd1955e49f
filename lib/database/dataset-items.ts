import { database } from './client';
import type { DatasetItem, Label, ModelVerdict, Prisma, Verdict } from './generated/client';
import type { Owner } from './owner';

export type ItemRow = DatasetItem & { image: { width: number; height: number; sha256: string; name: string } };
const withImage = { image: { select: { width: true, height: true, sha256: true, name: true } } } as const;

export type ItemFilter = {
  label?: Label | undefined;
  verdict?: Verdict | null | undefined;
  category?: string | undefined;
  defectType?: string | undefined;
  assignee?: string | undefined;
  modelVerdict?: ModelVerdict | undefined;
  text?: string | undefined;
};

export type ItemOrder = 'path' | 'score' | 'disagreement' | 'uncertainty';

/** The place after which a page begins: the value of the ordered column, and the path for ties. */
export type ItemCursor = { value: number | null; path: string };

function whereOf(datasetId: string, filter: ItemFilter): Prisma.DatasetItemWhereInput {
  const { label, verdict, category, defectType, assignee, modelVerdict, text } = filter;
  return {
    datasetId,
    ...(label !== undefined && { label }),
    ...(verdict !== undefined && { verdict }),
    ...(category !== undefined && { category }),
    ...(defectType !== undefined && { defectType }),
    ...(assignee !== undefined && { assignments: { some: { reviewerId: assignee, doneAt: null } } }),
    ...(modelVerdict !== undefined && { modelVerdict }),
    ...(text !== undefined && { path: { contains: text } }),
  };
}

function afterCursor(order: ItemOrder, cursor: ItemCursor | undefined): Prisma.DatasetItemWhereInput {
  if (cursor === undefined) {
    return {};
  }
  const path = { gt: cursor.path };
  if (order === 'path') {
    return { path };
  }
  if (cursor.value === null) {
    return { [order]: null, path };
  }
  return { OR: [{ [order]: { lt: cursor.value } }, { [order]: cursor.value, path }, { [order]: null }] };
}

/** A page of a set's items; except by path the highest values come first and items without one last. */
export async function listItems(
  datasetId: string,
  {
    filter,
    order,
    cursor,
    limit,
  }: { filter: ItemFilter; order: ItemOrder; cursor?: ItemCursor | undefined; limit: number },
): Promise<ItemRow[]> {
  return database().datasetItem.findMany({
    where: { AND: [whereOf(datasetId, filter), afterCursor(order, cursor)] },
    orderBy: order === 'path' ? [{ path: 'asc' }] : [{ [order]: { sort: 'desc', nulls: 'last' } }, { path: 'asc' }],
    take: limit,
    include: withImage,
  });
}

export async function countMatching(datasetId: string, filter: ItemFilter): Promise<number> {
  return database().datasetItem.count({ where: whereOf(datasetId, filter) });
}

/** One of the owner's items. */
export async function findItem(owner: Owner, id: string): Promise<ItemRow | null> {
  return database().datasetItem.findFirst({
    where: { id, dataset: { ownerId: owner.userId, deletedAt: null } },
    include: withImage,
  });
}

/** Those of the ids that are items of the set. */
export async function findItems(datasetId: string, ids: string[]): Promise<ItemRow[]> {
  return database().datasetItem.findMany({ where: { datasetId, id: { in: ids } }, include: withImage });
}

export type ItemMask = { rle: unknown; bbox: unknown; parts: unknown; areaFraction: number; label: string };
export type FullItem = ItemRow & { mask: ItemMask | null };

/** Items with their masks in the order of their paths, a page at a time. */
export async function* eachItem(
  datasetId: string,
  { verdicts, pageSize = 200 }: { verdicts?: readonly Verdict[] | undefined; pageSize?: number } = {},
): AsyncGenerator<FullItem> {
  let after: string | undefined;
  for (;;) {
    const page = await database().datasetItem.findMany({
      where: {
        datasetId,
        ...(verdicts !== undefined && { verdict: { in: [...verdicts] } }),
        ...(after !== undefined && { path: { gt: after } }),
      },
      orderBy: { path: 'asc' },
      take: pageSize,
      include: {
        ...withImage,
        mask: { select: { rle: true, bbox: true, parts: true, areaFraction: true, label: true } },
      },
    });
    yield* page;
    after = page.at(-1)?.path;
    if (page.length < pageSize) {
      return;
    }
  }
}

/** All decisions about some items, the oldest first, with the reviewer's name and who else is assigned to the item. */
export async function listReviews(itemIds: string[]) {
  return database().review.findMany({
    where: { itemId: { in: itemIds } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: {
      reviewer: { select: { name: true } },
      item: { select: { assignments: { select: { reviewerId: true, adjudicates: true, doneAt: true } } } },
    },
  });
}

/** Items of a set by their paths. */
export async function findItemsByPath(datasetId: string, paths: string[]): Promise<ItemRow[]> {
  return database().datasetItem.findMany({ where: { datasetId, path: { in: paths } }, include: withImage });
}

/** Items of a label whose annotation was accepted or corrected in review. */
export async function listAccepted(datasetId: string, label: Label): Promise<{ id: string; imageId: string }[]> {
  return database().datasetItem.findMany({
    where: { datasetId, label, verdict: { in: ['accepted', 'relabelled'] } },
    orderBy: { path: 'asc' },
    select: { id: true, imageId: true },
  });
}

/** Items whose disagreement is above a bound. */
export async function countDisagreeing(datasetId: string, above: number): Promise<number> {
  return database().datasetItem.count({ where: { datasetId, disagreement: { gt: above } } });
}

/** The item of a set that shows one of some images, the last named first. */
export async function findItemOfImage(datasetId: string, imageIds: string[]): Promise<ItemRow | null> {
  const rows = await database().datasetItem.findMany({
    where: { datasetId, imageId: { in: imageIds } },
    include: withImage,
  });
  const latest = [...imageIds].reverse().find((id) => rows.some(({ imageId }) => imageId === id));
  return rows.find(({ imageId }) => imageId === latest) ?? null;
}
