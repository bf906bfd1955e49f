import { database } from './client';
import { visibleTo } from './conversations';
import { Prisma, type Share } from './generated/client';
import type { ImageRow } from './images';
import type { Owner } from './owner';

export type ShareRow = Share;
export type ListedShare = Omit<Share, 'snapshot'> & { conversation: { title: string } };

/** Snapshots can be large: a list does without. */
const listed = { omit: { snapshot: true }, include: { conversation: { select: { title: true } } } } as const;

export type NewShare = Pick<
  Share,
  | 'id'
  | 'conversationId'
  | 'tokenHash'
  | 'leafId'
  | 'live'
  | 'includeNames'
  | 'includeMetadata'
  | 'allowEmbed'
  | 'membersOnly'
  | 'passwordHash'
  | 'expiresAt'
> & { snapshot: object | null; imageIds: string[] };

/** Stores a link and keeps its images from being purged. */
export async function createShare(owner: Owner, share: NewShare): Promise<ListedShare> {
  const { snapshot, imageIds, ...data } = share;
  return database().share.create({
    data: {
      ...data,
      ownerId: owner.userId,
      snapshot: snapshot === null ? Prisma.DbNull : (snapshot as Prisma.InputJsonValue),
      images: { create: imageIds.map((imageId) => ({ imageId })) },
    },
    ...listed,
  });
}

/** The owner's links, or those of one conversation; the newest first. Links of deleted conversations are not listed. */
export async function listShares(owner: Owner, conversationId?: string): Promise<ListedShare[]> {
  return database().share.findMany({
    where: {
      ownerId: owner.userId,
      conversation: { deletedAt: null },
      ...(conversationId !== undefined && { conversationId }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: 500,
    ...listed,
  });
}

/**
 * The link with a token, as long as it works: not revoked, not expired, its conversation not deleted, its owner not
 * disabled.
 */
export async function findOpenShare(tokenHash: string, now: Date): Promise<ShareRow | null> {
  return database().share.findFirst({
    where: {
      tokenHash,
      revokedAt: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      conversation: { deletedAt: null },
      owner: { disabledAt: null },
    },
  });
}

/** What the change of a link needs to know of it; null when the owner has none with this id. */
export async function findOwnShare(
  owner: Owner,
  id: string,
): Promise<Pick<Share, 'allowEmbed' | 'membersOnly' | 'passwordHash'> | null> {
  return database().share.findFirst({
    where: { id, ownerId: owner.userId },
    select: { allowEmbed: true, membersOnly: true, passwordHash: true },
  });
}

export type ShareChange = Partial<
  Pick<Share, 'includeNames' | 'includeMetadata' | 'allowEmbed' | 'membersOnly' | 'passwordHash' | 'expiresAt'>
>;

/** Changes a link that still works. Null when the owner has none with this id. */
export async function changeShare(
  owner: Owner,
  id: string,
  change: ShareChange,
  now: Date,
): Promise<ListedShare | null> {
  return database().$transaction(async (tx) => {
    const { count } = await tx.share.updateMany({
      where: {
        id,
        ownerId: owner.userId,
        revokedAt: null,
        conversation: visibleTo(owner),
        OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
      },
      data: change,
    });
    return count === 0 ? null : tx.share.findUnique({ where: { id }, ...listed });
  });
}

/**
 * Ends a link for good and drops what it showed. False when the owner has none with this id; ending it again is no
 * error.
 */
export async function revokeShare(owner: Owner, id: string, now: Date): Promise<boolean> {
  return database().$transaction(async (tx) => {
    const share = await tx.share.findFirst({
      where: { id, ownerId: owner.userId },
      select: { revokedAt: true },
    });
    if (share === null) {
      return false;
    }
    await tx.share.update({
      where: { id },
      data: { revokedAt: share.revokedAt ?? now, snapshot: Prisma.DbNull, images: { deleteMany: {} } },
    });
    return true;
  });
}

/** Drops what links that expired before `before` showed, and the rows of links that ended before `forgetBefore`. */
export async function retireShares(before: Date, forgetBefore: Date): Promise<void> {
  await database().$transaction(async (tx) => {
    const expired = await tx.share.findMany({
      where: { expiresAt: { lte: before }, snapshot: { not: Prisma.DbNull } },
      select: { id: true },
    });
    const ids = expired.map(({ id }) => id);
    await tx.shareImage.deleteMany({ where: { shareId: { in: ids } } });
    await tx.share.updateMany({ where: { id: { in: ids } }, data: { snapshot: Prisma.DbNull } });
    await tx.share.deleteMany({
      where: { OR: [{ revokedAt: { lte: forgetBefore } }, { expiresAt: { lte: forgetBefore } }] },
    });
  });
}

/** Counts one opening of the shared page. */
export async function countView(id: string, now: Date): Promise<void> {
  await database().share.updateMany({ where: { id }, data: { views: { increment: 1 }, lastViewedAt: now } });
}

/** The images that a snapshot shows. */
export async function listShareImages(shareId: string): Promise<ImageRow[]> {
  return database().image.findMany({ where: { shares: { some: { shareId } } } });
}

/** One of the images that a snapshot shows. */
export async function findShareImage(shareId: string, imageId: string): Promise<ImageRow | null> {
  return database().image.findFirst({ where: { id: imageId, shares: { some: { shareId } } } });
}
