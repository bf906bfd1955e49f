import type { Conversation } from '@/lib/contract';
import { findConversation } from '@/lib/database/conversations';
import { listMessages } from '@/lib/database/messages';
import { allowedEngines } from '@/lib/engines/consent';
import type { Owner } from '@/lib/database/owner';
import { notFound } from '@/lib/http/app-error';
import { toStoredMessage } from './stored-message';

/**
 * A conversation with its whole tree, without the running answer, which comes by its stream.
 * @throws AppError not_found
 */
export async function readConversation(owner: Owner, id: string): Promise<Conversation> {
  const conversation = await findConversation(owner, id);
  if (conversation === null) {
    throw notFound('conversation');
  }
  const rows = await listMessages(id);
  const running = rows.find((row) => row.state === 'running');
  return {
    id,
    title: conversation.title,
    pinned: conversation.pinned,
    createdAt: conversation.createdAt.toISOString(),
    updatedAt: conversation.updatedAt.toISOString(),
    leafId: conversation.leafId,
    engine: conversation.engine,
    allowedEngines: await allowedEngines(id),
    messages: rows.filter((row) => row.state !== 'running').map(toStoredMessage),
    running:
      running === undefined || running.parentId === null ? null : { messageId: running.id, parentId: running.parentId },
  };
}
