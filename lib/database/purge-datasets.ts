import { database } from './client';
import { deleteUnusedImages } from './unused-images';

export type PurgedItems = {
  items: number;
  sets: number;
  /** Content that may be unused now: check each with `removeContentIfUnused`. */
  sha256s: string[];
};

/**
 * Deletes up to `limit` items of sets that were deleted before `before`, with the images that nothing else uses, and
 * sets that have no more items. Call it again until it deletes nothing: each call holds the write lock for a moment
 * only.
 */
export async function purgeDatasets(before: Date, limit: number): Promise<PurgedItems> {
  return database().$transaction(async (tx) => {
    const sets = await tx.dataset.findMany({ where: { deletedAt: { lte: before } }, select: { id: true }, take: 20 });
    const ids = sets.map(({ id }) => id);
    const items = await tx.datasetItem.findMany({
      where: { datasetId: { in: ids } },
      select: { id: true, imageId: true },
      take: limit,
    });
    await tx.datasetItem.deleteMany({ where: { id: { in: items.map(({ id }) => id) } } });
    const gone = items.length < limit ? (await tx.dataset.deleteMany({ where: { id: { in: ids } } })).count : 0;
    const sha256s = await deleteUnusedImages(
      tx,
      items.map(({ imageId }) => imageId),
      before,
    );
    return { items: items.length, sets: gone, sha256s };
  });
}
