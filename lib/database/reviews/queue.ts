import { database } from '../client';
import type { Prisma } from '../generated/client';
import type { Owner } from '../owner';
import { pendingDraft } from '../draft-jobs';
import { reviewable } from './item';

export type QueueSort = 'path' | 'score' | 'disagreement' | 'uncertainty';
export type QueueKind = 'all' | 'unreviewed' | 'mine' | 'second_opinion' | 'disputed' | 'skipped' | 'drafted';
/** Where a page ended: the last row's value (null: none), path and id. */
export type QueuePosition = { value: number | null; path: string };

/** A double review whose reviewers are all done. */
const closedDouble: Prisma.DatasetItemWhereInput = {
  assignments: { some: { adjudicates: false }, none: { adjudicates: false, doneAt: null } },
};

function matches(kind: QueueKind, { userId }: Owner): Prisma.DatasetItemWhereInput {
  switch (kind) {
    case 'all':
      return {};
    case 'unreviewed':
      // In an open double review the item has no verdict yet, although this person may be done with it.
      return { verdict: null, assignments: { none: { reviewerId: userId, doneAt: { not: null } } } };
    case 'mine':
      return {
        OR: [
          { assignments: { some: { reviewerId: userId, adjudicates: false, doneAt: null } } },
          { verdict: 'second_opinion', assignments: { some: { reviewerId: userId, adjudicates: true, doneAt: null } } },
        ],
      };
    case 'second_opinion':
      return { verdict: 'second_opinion' };
    case 'disputed':
      return { verdict: 'second_opinion', AND: [closedDouble] };
    case 'skipped':
      return { verdict: 'skipped' };
    case 'drafted':
      return { drafts: { some: pendingDraft } };
  }
}

/** What follows a position: numbers fall, equal ones and those without a value go by path. */
function after(sort: QueueSort, { value, path }: QueuePosition): Prisma.DatasetItemWhereInput {
  if (sort === 'path') {
    return { path: { gt: path } };
  }
  const rest = { [sort]: value, path: { gt: path } };
  return value === null ? rest : { OR: [{ [sort]: { lt: value } }, { [sort]: null }, rest] };
}

/** Sets in which a person may review something: the own ones, and those with something assigned. */
const reviewableSets = ({ userId }: Owner): Prisma.DatasetWhereInput => ({
  deletedAt: null,
  OR: [{ ownerId: userId }, { items: { some: { assignments: { some: { reviewerId: userId } } } } }],
});

/** A set in which the person may review something. */
export async function findReviewableDataset(who: Owner, datasetId: string) {
  return database().dataset.findFirst({
    where: { id: datasetId, ...reviewableSets(who) },
    select: { id: true, ownerId: true, name: true },
  });
}

/** The sets in which the person may review something, the latest changed first. */
export async function listReviewableDatasets(who: Owner) {
  return database().dataset.findMany({
    where: reviewableSets(who),
    orderBy: { updatedAt: 'desc' },
    take: 200,
    select: { id: true, name: true },
  });
}

const row = {
  id: true,
  imageId: true,
  path: true,
  label: true,
  defectType: true,
  verdict: true,
  score: true,
  disagreement: true,
  uncertainty: true,
  judgement: true,
  image: { select: { width: true, height: true } },
} as const satisfies Prisma.DatasetItemSelect;

/** A page of a person's queue, and how many items it has in all. */
export async function listQueue(
  who: Owner,
  datasetId: string,
  wanted: { kind: QueueKind; sort: QueueSort; from: QueuePosition | null; limit: number },
) {
  const { kind, sort, from, limit } = wanted;
  const where: Prisma.DatasetItemWhereInput = { datasetId, AND: [reviewable(who), matches(kind, who)] };
  const rows = await database().datasetItem.findMany({
    where: from === null ? where : { AND: [where, after(sort, from)] },
    orderBy: sort === 'path' ? [{ path: 'asc' }] : [{ [sort]: { sort: 'desc', nulls: 'last' } }, { path: 'asc' }],
    take: limit,
    select: {
      ...row,
      reviews: {
        where: { reviewerId: who.userId, revision: 0 },
        orderBy: { createdAt: 'desc' },
        take: 1,
        select: { verdict: true },
      },
      assignments: { where: { adjudicates: false }, select: { doneAt: true } },
    },
  });
  const total = from === null ? await database().datasetItem.count({ where }) : null;
  return { rows, total };
}

/** How far the review of what this person may see is. */
export async function countProgress(who: Owner, datasetId: string): Promise<{ items: number; reviewed: number }> {
  const where: Prisma.DatasetItemWhereInput = { datasetId, ...reviewable(who) };
  const [items, open] = await Promise.all([
    database().datasetItem.count({ where }),
    database().datasetItem.count({ where: { AND: [where, matches('unreviewed', who)] } }),
  ]);
  return { items, reviewed: items - open };
}
