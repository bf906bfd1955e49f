import { database } from './client';
import { unusedSince } from './unused-images';

export type PurgedItems = {
  items: number;
  sets: number;
  /** Content that may be unused now: check each with `removeContentIfUnused`. */
  sha256s: string[];
};

/**
 * Deletes up to `limit` items of sets that were deleted before `before`, with the images that nothing else uses, and sets that have no more items. Call it again until it
 * deletes nothing: each call holds the write lock for a moment only.
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
    const orphans = await tx.image.findMany({
      where: {
        id: { in: items.map(({ imageId }) => imageId) },
        ...unusedSince(before),
      },
      select: { id: true, sha256: true, inspections: { select: { mapKey: true } } },
    });
    await tx.image.deleteMany({ where: { id: { in: orphans.map(({ id }) => id) } } });
    const sha256s = orphans.flatMap(({ sha256, inspections }) => [sha256, ...inspections.map(({ mapKey }) => mapKey)]);
    return { items: items.length, sets: gone, sha256s };
  });
}
