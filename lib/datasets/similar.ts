import { eachFeature } from '@/lib/database/batch-jobs';
import { findItem, findItems } from '@/lib/database/dataset-items';
import type { Owner } from '@/lib/database/owner';
import { AppError, notFound } from '@/lib/http/app-error';
import { fromBytes } from './batch/settle';
import type { ItemSummary } from './contract';
import { toSummary } from './items';
import { requireDataset } from './sets';

export type SimilarItem = ItemSummary & { similarity: number };

/**
 * The first half of a feature describes the image, the second its most suspicious patches; half of the similarity is of
 * each.
 */
function similarity(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) / 2;
}

/**
 * The items of a set that look most like one of them, by the encoder's features of the latest batch inspection.
 *
 * @returns the most similar first, `similarity` is a cosine, -1..1
 * @throws AppError not_found, conflict when the item was not inspected
 */
export async function findSimilar(
  owner: Owner,
  datasetId: string,
  itemId: string,
  limit: number,
): Promise<SimilarItem[]> {
  await requireDataset(owner, datasetId);
  const item = await findItem(owner, itemId);
  if (item?.datasetId !== datasetId) {
    throw notFound('item');
  }
  let own: Float32Array | undefined;
  let bundle = '';
  for await (const feature of eachFeature(datasetId, item.imageId)) {
    own = fromBytes(feature.vector);
    bundle = feature.bundle;
  }
  if (own === undefined) {
    throw new AppError('conflict', 'The item is not inspected yet: start a batch inspection of its set first');
  }
  const best: { itemId: string; similarity: number }[] = [];
  for await (const feature of eachFeature(datasetId)) {
    if (feature.bundle === bundle && feature.itemId !== itemId) {
      best.push({ itemId: feature.itemId, similarity: similarity(own, fromBytes(feature.vector)) });
      if (best.length > 4 * limit) {
        best.sort((a, b) => b.similarity - a.similarity).length = limit;
      }
    }
  }
  const chosen = best.sort((a, b) => b.similarity - a.similarity).slice(0, limit);
  const rows = new Map(
    (
      await findItems(
        datasetId,
        chosen.map((entry) => entry.itemId),
      )
    ).map((row) => [row.id, row]),
  );
  return chosen.flatMap((entry) => {
    const row = rows.get(entry.itemId);
    return row === undefined ? [] : [{ ...toSummary(row), similarity: entry.similarity }];
  });
}
