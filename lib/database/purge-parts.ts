import { database } from './client';
import { deleteUnusedImages } from './unused-images';

/**
 * Deletes a few of the parts that were deleted before `before`, with their samples and corrections, and the images that
 * nothing else uses. Call it again until it deletes nothing: each call holds the write lock for a moment only.
 * @returns how many parts went, and content that may be unused now: check each with `removeContentIfUnused`
 */
export async function purgeParts(before: Date, limit = 5): Promise<{ parts: number; sha256s: string[] }> {
  return database().$transaction(async (tx) => {
    const parts = await tx.part.findMany({
      where: { deletedAt: { lte: before } },
      select: { id: true, samples: { select: { imageId: true } }, corrections: { select: { imageId: true } } },
      take: limit,
    });
    await tx.part.deleteMany({ where: { id: { in: parts.map(({ id }) => id) } } });
    const images = parts.flatMap(({ samples, corrections }) => [...samples, ...corrections]);
    const ids = new Set(images.map(({ imageId }) => imageId));
    return { parts: parts.length, sha256s: await deleteUnusedImages(tx, [...ids], before) };
  });
}
