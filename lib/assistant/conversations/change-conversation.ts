import type { ConversationPatch } from '@/lib/contract';
import {
  createConversation as insertConversation,
  findConversation,
  isConversationIdTaken,
  updateConversation,
} from '@/lib/database/conversations';
import { isUniqueViolation } from '@/lib/database/errors';
import { findMessage } from '@/lib/database/messages';
import type { Owner } from '@/lib/database/owner';
import { UNTITLED } from '@/lib/database/turns';
import { storedEngine } from '@/lib/engines/config';
import { findEngine } from '@/lib/engines/registry';
import { AppError, notFound } from '@/lib/http/app-error';

/** Makes an empty conversation. The owner's own id again is no error, so that a client may retry. */
export async function createConversation(owner: Owner, id: string, title = UNTITLED): Promise<void> {
  if (await isConversationIdTaken(id)) {
    if ((await findConversation(owner, id)) === null) {
      throw new AppError('conflict', 'This conversation id is taken: use a fresh one');
    }
    return;
  }
  try {
    await insertConversation(owner, id, title);
  } catch (error) {
    throw isUniqueViolation(error)
      ? new AppError('conflict', 'This conversation id is taken: use a fresh one', { cause: error })
      : error;
  }
}

/**
 * Renames, pins, chooses the branch to show or the engine that writes.
 * @throws AppError not_found; EngineError for an engine that there is not
 */
export async function changeConversation(owner: Owner, id: string, patch: ConversationPatch): Promise<void> {
  const { title, pinned, leafId, engine } = patch;
  if (leafId !== undefined && (await findMessage(owner, leafId))?.conversationId !== id) {
    throw notFound('message');
  }
  if (engine !== undefined) {
    await findEngine(engine);
  }
  const changes = {
    ...(title !== undefined && { title }),
    ...(pinned !== undefined && { pinned }),
    ...(leafId !== undefined && { leafId }),
    ...(engine !== undefined && { engine: storedEngine(engine) }),
  };
  if (!(await updateConversation(owner, id, changes))) {
    throw notFound('conversation');
  }
}
