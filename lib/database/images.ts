import { database } from './client';
import { isUniqueViolation } from './errors';
import { Prisma, type Image } from './generated/client';
import { holdsAll } from './match-text';
import type { Owner } from './owner';
import { visiblePart } from './visible-part';

export type ImageRow = Image;
type NewImage = Pick<Image, 'id' | 'sha256' | 'name' | 'mime' | 'width' | 'height' | 'bytes'> &
  Partial<Pick<Image, 'pages' | 'low' | 'high'>>;

/**
 * The owner's image with this content, made if it is new. The first name stays. One that is there is marked as received
 * now, so that the purge of a conversation that was deleted before does not take it away from a question that is not
 * sent yet.
 */
export async function putImage(owner: Owner, image: NewImage): Promise<ImageRow> {
  const where = { ownerId_sha256: { ownerId: owner.userId, sha256: image.sha256 } };
  const receivedAt = new Date();
  const [found] = await database().image.updateManyAndReturn({ where: where.ownerId_sha256, data: { receivedAt } });
  if (found !== undefined) {
    return found;
  }
  try {
    return await database().image.create({ data: { ...image, receivedAt, ownerId: owner.userId } });
  } catch (error) {
    // Another upload of the same content came first.
    if (isUniqueViolation(error)) {
      return database().image.findUniqueOrThrow({ where });
    }
    throw error;
  }
}

/**
 * Sets the window by which an owner's image is read; what was computed of its earlier pixels is dropped. Null when the
 * owner has no such image.
 */
export async function changeWindow(
  { userId }: Owner,
  id: string,
  window: { low: number; high: number } | null,
): Promise<ImageRow | null> {
  return database().$transaction(async (tx) => {
    const data = { low: window?.low ?? null, high: window?.high ?? null };
    const [row] = await tx.image.updateManyAndReturn({ where: { id, ownerId: userId }, data });
    if (row !== undefined) {
      await tx.imageFeature.deleteMany({ where: { imageId: id } });
    }
    return row ?? null;
  });
}

/**
 * Images that a person may look at: the own ones, samples of parts that the person may look at, and those of data sets
 * in which something is assigned to them (a review shows references of the same set).
 */
export const visibleTo = ({ userId }: Owner) => ({
  OR: [
    { ownerId: userId },
    { partSamples: { some: { part: visiblePart({ userId }) } } },
    {
      datasetItems: {
        some: {
          dataset: { deletedAt: null, items: { some: { assignments: { some: { reviewerId: userId } } } } },
        },
      },
    },
  ],
});

/** One of the images that a person may look at. */
export async function findImage(owner: Owner, id: string): Promise<ImageRow | null> {
  return database().image.findFirst({ where: { id, ...visibleTo(owner) } });
}

/** Those of the ids that are images which a person may look at. */
export async function findImages(owner: Owner, ids: string[]): Promise<ImageRow[]> {
  return database().image.findMany({ where: { id: { in: ids }, ...visibleTo(owner) } });
}

/**
 * How many of the ids are images that a person may make samples of a part: the own ones, and those that are samples of
 * it already.
 */
export async function countGivable({ userId }: Owner, ids: string[], partId: string): Promise<number> {
  return database().image.count({
    where: { id: { in: ids }, OR: [{ ownerId: userId }, { partSamples: { some: { partId } } }] },
  });
}

export type ImagePosition = { createdAt: Date; id: string };
export type ListedImageRow = ImageRow & { inspections: { score: number; payload: unknown }[] };

/** Names that are looked through at most: SQLite takes no more ids in one statement. */
const MAX_NAMED = 30_000;

/** The owner's newest images whose name has all of the words. */
async function findIdsByName({ userId }: Owner, words: readonly string[]): Promise<string[]> {
  const rows = await database().$queryRaw<{ id: string }[]>`
    SELECT i."id" AS "id" FROM "Image" i WHERE i."ownerId" = ${userId} AND ${holdsAll(Prisma.sql`i."name"`, words)}
    ORDER BY i."createdAt" DESC LIMIT ${MAX_NAMED}`;
  return rows.map(({ id }) => id);
}

/**
 * Up to `limit` of the owner's images after `position`, the newest first, whose name has all of the words; each with
 * its newest inspection.
 */
export async function listImages(
  owner: Owner,
  { words, position, limit }: { words: string[]; position?: ImagePosition; limit: number },
): Promise<ListedImageRow[]> {
  const named = words.length === 0 ? undefined : await findIdsByName(owner, words);
  return database().image.findMany({
    where: {
      ownerId: owner.userId,
      AND: [
        ...(named === undefined ? [] : [{ id: { in: named } }]),
        ...(position === undefined
          ? []
          : [
              {
                OR: [
                  { createdAt: { lt: position.createdAt } },
                  { createdAt: position.createdAt, id: { gt: position.id } },
                ],
              },
            ]),
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: limit,
    include: { inspections: { orderBy: { createdAt: 'desc' }, take: 1, select: { score: true, payload: true } } },
  });
}

/** How many images and anomaly maps the database refers to. */
export async function countContent(): Promise<number> {
  return (await database().image.count()) + (await database().inspection.count());
}

/** Those of the content keys that no image and no anomaly map has. */
export async function findUnusedContent(sha256s: string[]): Promise<string[]> {
  const images = await database().image.findMany({ where: { sha256: { in: sha256s } }, select: { sha256: true } });
  const maps = await database().inspection.findMany({ where: { mapKey: { in: sha256s } }, select: { mapKey: true } });
  const used = new Set([...images.map(({ sha256 }) => sha256), ...maps.map(({ mapKey }) => mapKey)]);
  return sha256s.filter((sha256) => !used.has(sha256));
}

/**
 * Calls `remove` when no image and no anomaly map has this content. The write lock is held meanwhile, so that a row
 * which another process adds comes before the check or after the removal; who adds one looks for the bytes afterwards
 * and writes them again if they are gone.
 */
export async function removeContentIfUnused(sha256: string, remove: () => Promise<void>): Promise<boolean> {
  return database().$transaction(async (tx) => {
    const used =
      (await tx.image.findFirst({ where: { sha256 }, select: { id: true } })) ??
      (await tx.inspection.findFirst({ where: { mapKey: sha256 }, select: { id: true } }));
    if (used !== null) {
      return false;
    }
    await remove();
    return true;
  });
}
