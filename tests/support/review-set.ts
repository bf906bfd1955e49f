import { newId } from '@/lib/contract';
import { database } from '@/lib/database/client';

export const SIZE = { width: 8, height: 6 };

/**
 * A data set of `count` items of a small size, owned by `ownerId`; people are made as needed. Rows only: no pixels are
 * stored.
 */
export async function makeReviewSet(ownerId: string, people: readonly string[], count: number) {
  for (const id of new Set([ownerId, ...people])) {
    await database().user.upsert({
      where: { id },
      create: { id, name: id.toUpperCase(), role: 'reviewer' },
      update: {},
    });
  }
  const datasetId = newId();
  await database().dataset.create({ data: { id: datasetId, ownerId, name: 'parts', format: 'folder' } });
  const itemIds: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const [imageId, itemId] = [newId(), newId()];
    const name = `${String(index).padStart(3, '0')}.png`;
    await database().image.create({
      data: { id: imageId, ownerId, sha256: newId(), name, mime: 'image/png', bytes: 1, ...SIZE },
    });
    await database().datasetItem.create({
      data: { id: itemId, datasetId, imageId, path: name, label: index % 2 === 0 ? 'anomalous' : 'normal' },
    });
    itemIds.push(itemId);
  }
  return { datasetId, itemIds };
}
