import { hideConversation, purgeConversations, unhideConversation } from '@/lib/database/conversations';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { removeContentIfUnused } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { AppError, notFound } from '@/lib/http/app-error';
import { blobs } from '@/lib/storage';

/** How long a deletion can be undone. After that the conversation, and images that nothing else uses, are gone. */
export const UNDO_MS = 10 * 60_000;

/** Hides a conversation. Returns until when it can be restored. */
export async function deleteConversation(owner: Owner, id: string, source: AuditSource): Promise<Date> {
  const now = Date.now();
  if (!(await hideConversation(owner, id, new Date(now)))) {
    throw notFound('conversation');
  }
  await recordAudit({
    actorId: owner.userId,
    action: 'conversation.delete',
    targetType: 'conversation',
    targetId: id,
    ...source,
  });
  return new Date(now + UNDO_MS);
}

/** Undoes a deletion. */
export async function restoreConversation(owner: Owner, id: string): Promise<void> {
  if (!(await unhideConversation(owner, id, new Date(Date.now() - UNDO_MS)))) {
    throw new AppError('not_found', 'There is no deleted conversation to restore: it can be undone for 10 minutes');
  }
}

/** Deletes for good what can no longer be restored. Returns how many conversations went. */
export async function purgeDeleted(now = Date.now()): Promise<number> {
  const { conversationIds, sha256s } = await purgeConversations(new Date(now - UNDO_MS));
  const store = blobs();
  for (const sha256 of new Set(sha256s)) {
    await removeContentIfUnused(sha256, () => store.remove(sha256));
  }
  return conversationIds.length;
}
