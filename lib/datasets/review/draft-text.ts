import type { DraftField } from '@/lib/datasets/contract';
import type { Owner } from '@/lib/database/owner';
import { queueKey } from '@/lib/engine/rounds';
import { findReviewItem } from '@/lib/database/reviews/item';
import { findImageContent } from '@/lib/database/reviews/content';
import { EMBEDDED_ENGINE } from '@/lib/engines/registry';
import { notFound } from '@/lib/http/app-error';
import { writeTexts } from '../drafts/write-texts';
import type { ItemAddress } from './submit-review';

/**
 * Drafts the text of an item with the embedded model, at once.
 * @returns each wanted field as soon as it is written
 * @throws AppError not_found; EngineError as a chat
 */
export async function* draftText(
  who: Owner,
  { datasetId, itemId }: ItemAddress,
  fields: readonly DraftField[],
  signal: AbortSignal,
): AsyncGenerator<{ field: DraftField; text: string }> {
  const item = await findReviewItem(who, datasetId, itemId);
  const content = item === null ? null : await findImageContent(item.imageId);
  if (item === null || content === null) {
    throw notFound('item');
  }
  const { imageId, label, defectType, image, mask } = item;
  const written = { imageId, label, defectType, image: { ...content, name: image.name }, rle: mask?.rle ?? null };
  const key = queueKey(who.userId, `draft ${itemId}`);
  yield* writeTexts(written, fields, { engine: EMBEDDED_ENGINE, key, signal });
}
