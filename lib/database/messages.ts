import { database } from './client';
import { visibleTo } from './conversations';
import type { Message, Prisma } from './generated/client';
import type { Owner } from './owner';

export type MessageRow = Message & { ticks: { itemId: string; done: boolean }[] };

const withTicks = { ticks: { select: { itemId: true, done: true } } } satisfies Prisma.MessageInclude;

/** All messages of a conversation, parents before children. */
export async function listMessages(conversationId: string): Promise<MessageRow[]> {
  return database().message.findMany({
    where: { conversationId },
    orderBy: [{ createdAt: 'asc' }, { role: 'desc' }],
    include: withTicks,
  });
}

/** A message of one of the owner's conversations. */
export async function findMessage(owner: Owner, id: string): Promise<MessageRow | null> {
  return database().message.findFirst({ where: { id, conversation: visibleTo(owner) }, include: withTicks });
}

export async function tickItem(messageId: string, itemId: string, done: boolean): Promise<void> {
  const updatedAt = new Date();
  await database().checklistTick.upsert({
    where: { messageId_itemId: { messageId, itemId } },
    create: { messageId, itemId, done, updatedAt },
    update: { done, updatedAt },
  });
}
