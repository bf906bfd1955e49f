import type { ChecklistRequest, StoredPart } from '@/lib/contract';
import { findMessage, tickItem as putTick } from '@/lib/database/messages';
import type { Owner } from '@/lib/database/owner';
import { AppError, notFound } from '@/lib/http/app-error';

/** Ticks an item of a checklist of one of the owner's answers, or takes the tick away. */
export async function tickItem(owner: Owner, { messageId, itemId, done }: ChecklistRequest): Promise<void> {
  const message = await findMessage(owner, messageId);
  if (message === null) {
    throw notFound('message');
  }
  const parts = message.parts as unknown as StoredPart[];
  const known = parts.some((part) => part.type === 'data-checklist' && part.data.items.some(({ id }) => id === itemId));
  if (!known) {
    throw new AppError('not_found', 'The message has no such checklist item');
  }
  await putTick(messageId, itemId, done);
}
