import { z } from 'zod';
import { type Judgement } from '@/lib/contract/verdict';
import { judgementSchema } from '@/lib/contract/judgement';
import { countMatching, type ItemCursor, type ItemFilter, type ItemRow, listItems } from '@/lib/database/dataset-items';
import type { Owner } from '@/lib/database/owner';
import { AppError } from '@/lib/http/app-error';
import type { ItemsQuery, ItemsResponse, ItemSummary } from './contract';
import { requireDataset } from './sets';

const cursorSchema = z.tuple([z.number().nullable(), z.string()]);

function decodeCursor(text: string): ItemCursor {
  try {
    const [value, path] = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return { value, path };
  } catch (error) {
    throw new AppError('invalid_request', 'The cursor is wrong: begin at the first page again', { cause: error });
  }
}

/** A stored verdict of the model; null where there is none. */
export function toJudgement(stored: unknown): Judgement | null {
  const parsed = judgementSchema.safeParse(stored);
  return parsed.success ? parsed.data : null;
}

/** A row of a list. */
export function toSummary(item: ItemRow): ItemSummary {
  const { id, datasetId, imageId, path, split, category, label, defectType, maskId, revision } = item;
  // An item whose last decision was undone is not decided.
  const verdict = item.verdict === 'undone' ? null : item.verdict;
  const { score, disagreement, uncertainty } = item;
  const { width, height } = item.image;
  const state = { label, defectType, maskId, verdict, revision, score, disagreement, uncertainty };
  const judgement = toJudgement(item.judgement);
  return { id, datasetId, imageId, path, split, category, ...state, judgement, width, height };
}

/**
 * A page of a set's items.
 * @throws AppError not_found, invalid_request for a cursor that is none
 */
export async function readItems(owner: Owner, datasetId: string, query: ItemsQuery): Promise<ItemsResponse> {
  await requireDataset(owner, datasetId);
  const { order, verdict, q, cursor: encoded, limit, label, category, defectType, assignee, modelVerdict } = query;
  const filter: ItemFilter = {
    label,
    category,
    defectType,
    assignee,
    modelVerdict,
    text: q,
    verdict: verdict === 'none' ? null : verdict,
  };
  const cursor = encoded === undefined ? undefined : decodeCursor(encoded);
  const rows = await listItems(datasetId, { filter, order, cursor, limit });
  const last = rows.at(-1);
  const next = (row: ItemRow) => JSON.stringify([order === 'path' ? null : row[order], row.path]);
  return {
    items: rows.map(toSummary),
    cursor: last === undefined || rows.length < limit ? null : Buffer.from(next(last)).toString('base64url'),
    total: cursor === undefined ? await countMatching(datasetId, filter) : null,
  };
}
