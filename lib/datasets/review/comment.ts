import { newId } from '@/lib/contract';
import type { ReviewItem } from '@/lib/datasets/contract';
import type { Owner } from '@/lib/database/owner';
import { addComment } from '@/lib/database/reviews/item';
import { notFound } from '@/lib/http/app-error';
import { readItem } from './describe-item';
import type { ItemAddress } from './submit-review';

/** Adds a comment to an item. @throws AppError not_found */
export async function commentItem(who: Owner, address: ItemAddress, text: string): Promise<ReviewItem> {
  if (!(await addComment(who, address, { id: newId(), text }))) {
    throw notFound('item');
  }
  return readItem(who, address.datasetId, address.itemId);
}
