import { z } from 'zod';
import { listedInspectionSchema, withJudgement, type ImageList } from '@/lib/contract';
import { listImages as queryImages, type ImagePosition, type ListedImageRow } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { AppError } from '@/lib/http/app-error';
import { toImageInfo } from './receive-image';

const MAX_WORDS = 8;
const cursorSchema = z.tuple([z.number(), z.string()]);
const seenSchema = z.preprocess(withJudgement, listedInspectionSchema);

function encodeCursor({ createdAt, id }: ImagePosition): string {
  return Buffer.from(JSON.stringify([createdAt.getTime(), id])).toString('base64url');
}

function decodeCursor(cursor: string): ImagePosition {
  try {
    const [time, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { createdAt: new Date(time), id };
  } catch (error) {
    throw new AppError('invalid_request', 'The field cursor is wrong: start from the first page', { cause: error });
  }
}

function toListed({ inspections: [seen], ...row }: ListedImageRow): ImageList['images'][number] {
  const inspection = seenSchema.safeParse(seen?.payload);
  return { ...toImageInfo(row), inspection: inspection.success ? inspection.data : null };
}

/**
 * A page of the owner's images, the newest first, or with `q` those whose name has all its words.
 * @throws AppError invalid_request for a cursor that is not ours
 */
export async function listImages(
  owner: Owner,
  { q, cursor, limit }: { q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<ImageList> {
  const words = (q ?? '').split(/\s+/).filter(Boolean).slice(0, MAX_WORDS);
  const position = cursor === undefined ? {} : { position: decodeCursor(cursor) };
  const rows = await queryImages(owner, { words, ...position, limit: limit + 1 });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    images: rows.slice(0, limit).map(toListed),
    nextCursor: last === undefined ? null : encodeCursor(last),
  };
}
