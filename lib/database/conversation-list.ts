import { database } from './client';
import { visibleTo } from './conversations';
import { Prisma } from './generated/client';
import { holdsAll } from './match-text';
import type { Owner } from './owner';

export type ListPosition = { pinned: boolean; updatedAt: Date; id: string };
export type ListedConversation = ListPosition & {
  title: string;
  createdAt: Date;
  imageId: string | null;
  running: boolean;
};

const listed = {
  id: true,
  title: true,
  pinned: true,
  createdAt: true,
  updatedAt: true,
  messages: {
    where: { images: { some: {} } },
    orderBy: { createdAt: 'asc' },
    take: 1,
    select: { images: { orderBy: { position: 'asc' }, take: 1, select: { imageId: true } } },
  },
} satisfies Prisma.ConversationSelect;

/** What comes after a position in the order: pinned first, then the newest. */
function after({ pinned, updatedAt, id }: ListPosition): Prisma.ConversationWhereInput {
  const here: Prisma.ConversationWhereInput[] = [
    { pinned, updatedAt: { lt: updatedAt } },
    { pinned, updatedAt, id: { gt: id } },
  ];
  return { OR: pinned ? [...here, { pinned: false }] : here };
}

/** Up to `limit` conversations after `position`, pinned first, then the newest. */
export async function listConversations(
  owner: Owner,
  { ids, position, limit }: { ids?: string[]; position?: ListPosition; limit: number },
): Promise<ListedConversation[]> {
  const rows = await database().conversation.findMany({
    where: {
      AND: [
        visibleTo(owner),
        ids === undefined ? {} : { id: { in: ids } },
        position === undefined ? {} : after(position),
      ],
    },
    orderBy: [{ pinned: 'desc' }, { updatedAt: 'desc' }, { id: 'asc' }],
    take: limit,
    select: listed,
  });
  const running = await database().message.findMany({
    where: { state: 'running', conversationId: { in: rows.map(({ id }) => id) } },
    select: { conversationId: true },
  });
  const busy = new Set(running.map(({ conversationId }) => conversationId));
  return rows.map(({ messages, ...row }) => ({
    ...row,
    imageId: messages[0]?.images[0]?.imageId ?? null,
    running: busy.has(row.id),
  }));
}

export type SearchHit = { conversationId: string; text: string };

/**
 * The owner's conversations whose title or one of whose messages has all of the words (literally, letter case ignored),
 * with the text that matched; the newest first.
 */
export async function searchConversations(owner: Owner, words: string[], limit: number): Promise<SearchHit[]> {
  const has = (column: Prisma.Sql) => holdsAll(column, words);
  return database().$queryRaw<SearchHit[]>`
    SELECT c."id" AS "conversationId",
           COALESCE((SELECT m."text" FROM "Message" m WHERE m."conversationId" = c."id" AND ${has(Prisma.sql`m."text"`)}
                     ORDER BY m."createdAt" DESC LIMIT 1), c."title") AS "text"
    FROM "Conversation" c
    WHERE c."ownerId" = ${owner.userId} AND c."deletedAt" IS NULL
      AND ((${has(Prisma.sql`c."title"`)})
        OR EXISTS (SELECT 1 FROM "Message" m WHERE m."conversationId" = c."id" AND ${has(Prisma.sql`m."text"`)}))
    ORDER BY c."updatedAt" DESC LIMIT ${limit}`;
}
