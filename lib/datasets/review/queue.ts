import { z } from 'zod';
import type { QueueQuery, QueueResponse, QueueRow, ReviewableSet } from '@/lib/datasets/contract';
import type { Owner } from '@/lib/database/owner';
import {
  countProgress,
  findReviewableDataset,
  listQueue,
  listReviewableDatasets,
  type QueuePosition,
} from '@/lib/database/reviews/queue';
import { toJudgement } from '@/lib/datasets/items';
import { AppError, notFound } from '@/lib/http/app-error';

const positionSchema = z.object({ value: z.number().nullable(), path: z.string() });

function readCursor(cursor: string | undefined): QueuePosition | null {
  if (cursor === undefined) {
    return null;
  }
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw new AppError('invalid_request', 'The field cursor is wrong: take it from the page before', { cause: error });
  }
}

/**
 * A page of a person's queue. The order is by value and path, so that what others decide meanwhile neither repeats nor
 * hides an item.
 * @throws AppError not_found; invalid_request for a cursor that is none of ours
 */
export async function readQueue(who: Owner, datasetId: string, query: QueueQuery): Promise<QueueResponse> {
  if ((await findReviewableDataset(who, datasetId)) === null) {
    throw notFound('data set');
  }
  const { filter, order, limit } = query;
  const from = readCursor(query.cursor);
  const { rows, total } = await listQueue(who, datasetId, { kind: filter, sort: order, from, limit });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const position = last && { value: order === 'path' ? null : last[order], path: last.path };
  return {
    rows: rows.map(({ image, reviews, assignments, uncertainty: _uncertainty, ...row }): QueueRow => {
      const open = assignments.length >= 2 && assignments.some(({ doneAt }) => doneAt === null);
      const verdict = open ? (reviews[0]?.verdict ?? null) : row.verdict;
      const judgement = toJudgement(row.judgement);
      const { width, height } = image;
      return { ...row, verdict: verdict === 'undone' ? null : verdict, judgement, width, height };
    }),
    cursor: position ? Buffer.from(JSON.stringify(position)).toString('base64url') : null,
    total,
    progress: from === null ? await countProgress(who, datasetId) : null,
  };
}

/** The sets in which a person may review something, the latest changed first. */
export async function readReviewable(who: Owner): Promise<ReviewableSet[]> {
  const sets = await listReviewableDatasets(who);
  return Promise.all(sets.map(async ({ id, name }) => ({ id, name, ...(await countProgress(who, id)) })));
}
