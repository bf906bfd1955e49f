import { database } from './client';
import { Prisma, type ImageRole, type Mask, type Message } from './generated/client';
import type { Owner } from './owner';

export type ForkedMessage = Pick<
  Message,
  'id' | 'parentId' | 'role' | 'state' | 'text' | 'bundle' | 'errorCode' | 'errorMessage' | 'createdAt'
> & {
  parts: object;
  context: object | null;
  images: { imageId: string; role: ImageRole }[];
  masks: (Pick<Mask, 'id' | 'imageId' | 'areaFraction' | 'label' | 'score' | 'source'> & {
    rle: Prisma.InputJsonValue;
    bbox: Prisma.InputJsonValue;
  })[];
};

export type Fork = { conversationId: string; title: string; messages: ForkedMessage[] };

/**
 * Stores a copied branch as a conversation of the owner, in one transaction. `messages` go from the root to the leaf.
 */
export async function storeFork(owner: Owner, { conversationId, title, messages }: Fork): Promise<void> {
  await database().$transaction(async (tx) => {
    await tx.conversation.create({
      data: { id: conversationId, ownerId: owner.userId, title, leafId: messages.at(-1)?.id ?? null },
    });
    for (const { images, masks, context, parts, ...message } of messages) {
      await tx.message.create({
        data: {
          ...message,
          conversationId,
          parts,
          context: (context as Prisma.InputJsonValue | null) ?? Prisma.DbNull,
          finishedAt: message.createdAt,
          images: { create: images.map((image, position) => ({ ...image, position })) },
        },
      });
      for (const mask of masks) {
        await tx.mask.create({ data: { ...mask, messageId: message.id } });
      }
    }
  });
}
