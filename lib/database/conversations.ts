import { database } from './client';
import type { Conversation } from './generated/client';
import type { Owner } from './owner';
import { deleteUnusedImages } from './unused-images';

export type ConversationRow = Conversation;

/** What an owner can see. Every query of conversations starts from it. */
export function visibleTo(owner: Owner) {
  return { ownerId: owner.userId, deletedAt: null };
}

export async function createConversation(owner: Owner, id: string, title: string): Promise<ConversationRow> {
  return database().conversation.create({ data: { id, title, ownerId: owner.userId } });
}

export async function findConversation(owner: Owner, id: string): Promise<ConversationRow | null> {
  return database().conversation.findFirst({ where: { id, ...visibleTo(owner) } });
}

/** Whether anybody has a conversation with this id, deleted ones included. */
export async function isConversationIdTaken(id: string): Promise<boolean> {
  return (await database().conversation.findUnique({ where: { id }, select: { id: true } })) !== null;
}

/** Renames, pins, chooses the branch or the engine. Returns false when the owner has no such conversation. */
export async function updateConversation(
  owner: Owner,
  id: string,
  patch: { title?: string; pinned?: boolean; leafId?: string; engine?: string | null },
): Promise<boolean> {
  const { count } = await database().conversation.updateMany({ where: { id, ...visibleTo(owner) }, data: patch });
  return count > 0;
}

/** Hides a conversation until it is restored or purged. Returns false when there is none to hide. */
export async function hideConversation(owner: Owner, id: string, deletedAt: Date): Promise<boolean> {
  const { count } = await database().conversation.updateMany({
    where: { id, ...visibleTo(owner) },
    data: { deletedAt },
  });
  return count > 0;
}

/** Brings back a conversation that was hidden after `since`. */
export async function unhideConversation(owner: Owner, id: string, since: Date): Promise<boolean> {
  const { count } = await database().conversation.updateMany({
    where: { id, ownerId: owner.userId, deletedAt: { gt: since } },
    data: { deletedAt: null },
  });
  return count > 0;
}

export type PurgedContent = { conversationIds: string[]; sha256s: string[] };

/**
 * Deletes the conversations that were hidden before `before`, and the images that nothing else uses. Returns the
 * content keys that may be unused now: check each with `removeContentIfUnused`.
 */
export async function purgeConversations(before: Date): Promise<PurgedContent> {
  return database().$transaction(async (tx) => {
    const conversations = await tx.conversation.findMany({
      where: { deletedAt: { lte: before } },
      select: { id: true },
    });
    const conversationIds = conversations.map(({ id }) => id);
    if (conversationIds.length === 0) {
      return { conversationIds, sha256s: [] };
    }
    const used = await tx.image.findMany({
      where: {
        OR: [
          { messages: { some: { message: { conversationId: { in: conversationIds } } } } },
          { shares: { some: { share: { conversationId: { in: conversationIds } } } } },
        ],
      },
      select: { id: true },
    });
    await tx.conversation.deleteMany({ where: { id: { in: conversationIds } } });
    const sha256s = await deleteUnusedImages(
      tx,
      used.map(({ id }) => id),
      before,
    );
    return { conversationIds, sha256s };
  });
}
