import { database } from '../client';
import { LOCAL_USER_ID } from '../users';

/** People that reviews can be assigned to; `withLocal`: also who uses local mode, and has no account. */
export async function findPeople({ ids, withLocal }: { ids?: readonly string[]; withLocal: boolean }) {
  const wanted = { ...(ids === undefined ? {} : { in: [...ids] }), ...(withLocal ? {} : { not: LOCAL_USER_ID }) };
  return database().user.findMany({
    where: { disabledAt: null, role: { not: 'viewer' }, id: wanted },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true },
  });
}

/** Per person, how many items of a set are assigned and how many of these are done. */
export async function countAssignments(datasetId: string): Promise<Map<string, { assigned: number; done: number }>> {
  const where = { item: { datasetId } };
  const [all, done] = await Promise.all([
    database().assignment.groupBy({ by: ['reviewerId'], where, _count: true }),
    database().assignment.groupBy({ by: ['reviewerId'], where: { ...where, doneAt: { not: null } }, _count: true }),
  ]);
  const doneBy = new Map(done.map(({ reviewerId, _count }) => [reviewerId, _count]));
  return new Map(
    all.map(({ reviewerId, _count }) => [reviewerId, { assigned: _count, done: doneBy.get(reviewerId) ?? 0 }]),
  );
}

/**
 * Ids of a set's items in the order of their paths: those given, or those without a decision and without an assignment.
 */
export async function findAssignable(datasetId: string, ids: readonly string[] | null): Promise<string[]> {
  const where = ids === null ? { verdict: null, assignments: { none: {} } } : { id: { in: [...ids] } };
  const found = await database().datasetItem.findMany({
    where: { datasetId, ...where },
    orderBy: { path: 'asc' },
    select: { id: true },
  });
  return found.map(({ id }) => id);
}

/** Adds assignments; one that is there already stays as it is. Returns how many are new. */
export async function addAssignments(
  rows: readonly { itemId: string; reviewerId: string; adjudicates: boolean }[],
): Promise<number> {
  return database().$transaction(async (tx) => {
    let added = 0;
    for (const row of rows) {
      const where = { itemId_reviewerId: { itemId: row.itemId, reviewerId: row.reviewerId } };
      if ((await tx.assignment.findUnique({ where, select: { itemId: true } })) === null) {
        await tx.assignment.create({ data: row });
        added += 1;
      }
    }
    return added;
  });
}

/**
 * Reviews of items that two or more people review, with masks' run lengths: what agreement is computed from. Closed
 * rounds only.
 */
export async function findDoubleReviews(datasetId: string) {
  const items = await database().datasetItem.findMany({
    where: {
      datasetId,
      assignments: { some: { adjudicates: false }, none: { adjudicates: false, doneAt: null } },
    },
    orderBy: { path: 'asc' },
    select: {
      id: true,
      verdict: true,
      assignments: { where: { adjudicates: false }, select: { reviewerId: true } },
      reviews: {
        orderBy: [{ createdAt: 'asc' }, { revision: 'asc' }],
        select: {
          id: true,
          reviewerId: true,
          verdict: true,
          label: true,
          supersedesId: true,
          reviewer: { select: { id: true, name: true } },
          mask: { select: { rle: true } },
        },
      },
    },
  });
  return items.filter(({ assignments }) => assignments.length >= 2);
}

/** Double reviews that are not closed yet. */
export async function countOpenRounds(datasetId: string): Promise<number> {
  const rows = await database().assignment.groupBy({
    by: ['itemId'],
    where: { adjudicates: false, item: { datasetId, assignments: { some: { adjudicates: false, doneAt: null } } } },
    _count: true,
  });
  return rows.filter(({ _count }) => _count >= 2).length;
}
