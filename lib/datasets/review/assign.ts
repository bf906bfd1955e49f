import type { Assign, AssignmentsResponse } from '@/lib/datasets/contract';
import { authMode } from '@/lib/auth/mode';
import type { Principal } from '@/lib/auth/principal';
import { addAssignments, countAssignments, findAssignable, findPeople } from '@/lib/database/reviews/assignments';
import { findReviewableDataset } from '@/lib/database/reviews/queue';
import { AppError, notFound } from '@/lib/http/app-error';

/** Deals items to reviewers in turn, `perItem` different ones to each; the same input gives the same deal. */
export function deal(itemIds: readonly string[], reviewerIds: readonly string[], perItem: number) {
  return itemIds.flatMap((itemId, index) =>
    Array.from({ length: perItem }, (_, place) => ({
      itemId,
      reviewerId: reviewerIds[(index + place) % reviewerIds.length] ?? '',
      adjudicates: false,
    })),
  );
}

async function ownSet(who: Principal, datasetId: string) {
  const dataset = await findReviewableDataset(who, datasetId);
  if (dataset === null) {
    throw notFound('data set');
  }
  return { mayAssign: dataset.ownerId === who.userId };
}

/** @throws AppError not_found */
export async function readAssignments(who: Principal, datasetId: string): Promise<AssignmentsResponse> {
  const { mayAssign } = await ownSet(who, datasetId);
  const counts = await countAssignments(datasetId);
  const people = await findPeople({ withLocal: authMode() === 'local' });
  return {
    mayAssign,
    people: people.map((person) => ({ ...person, ...(counts.get(person.id) ?? { assigned: 0, done: 0 }) })),
  };
}

/**
 * Assigns items to reviewers, and (where named) somebody who decides where they disagree.
 * @returns how many assignments are new
 * @throws AppError not_found; forbidden for anybody but the set's owner; invalid_request for unknown people, or too few
 *   for two per item
 */
export async function assign(who: Principal, datasetId: string, wanted: Assign): Promise<{ added: number }> {
  if (!(await ownSet(who, datasetId)).mayAssign) {
    throw new AppError('forbidden', 'Only the owner of the data set assigns its items');
  }
  const reviewerIds = [...new Set(wanted.reviewerIds)];
  const { adjudicatorId } = wanted;
  if (reviewerIds.length < wanted.perItem) {
    throw new AppError('invalid_request', 'The field reviewerIds is wrong: a double review needs two different people');
  }
  if (adjudicatorId !== undefined && reviewerIds.includes(adjudicatorId)) {
    throw new AppError(
      'invalid_request',
      'The field adjudicatorId is wrong: who decides must not be one of the reviewers',
    );
  }
  const named = adjudicatorId === undefined ? reviewerIds : [...reviewerIds, adjudicatorId];
  const known = new Set((await findPeople({ ids: named, withLocal: authMode() === 'local' })).map(({ id }) => id));
  const unknown = named.find((id) => !known.has(id));
  if (unknown !== undefined) {
    throw new AppError('invalid_request', `There is nobody with the id "${unknown}" who may review`);
  }
  const ids = await findAssignable(datasetId, wanted.items === 'unreviewed' ? null : wanted.items);
  if (wanted.items !== 'unreviewed' && ids.length < new Set(wanted.items).size) {
    throw notFound('item');
  }
  const rows = deal(ids, reviewerIds, wanted.perItem);
  const deciders =
    adjudicatorId === undefined ? [] : ids.map((itemId) => ({ itemId, reviewerId: adjudicatorId, adjudicates: true }));
  return { added: await addAssignments([...rows, ...deciders]) };
}
