import { database } from './client';
import type { Dataset, Prisma } from './generated/client';
import type { Owner } from './owner';

export type DatasetRow = Dataset;
export type LabelCounts = { label: string; verdict: string | null; items: number; masks: number; scored: number };

export async function createDataset(owner: Owner, set: Pick<Dataset, 'id' | 'name' | 'format'>): Promise<DatasetRow> {
  return database().dataset.create({ data: { ...set, ownerId: owner.userId } });
}

export async function listDatasets(owner: Owner): Promise<DatasetRow[]> {
  const where = { ownerId: owner.userId, deletedAt: null };
  return database().dataset.findMany({ where, orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }] });
}

export async function findDataset(owner: Owner, id: string): Promise<DatasetRow | null> {
  return database().dataset.findFirst({ where: { id, ownerId: owner.userId, deletedAt: null } });
}

/** The owner's newest set of this name. */
export async function findDatasetByName(owner: Owner, name: string): Promise<DatasetRow | null> {
  const where = { name, ownerId: owner.userId, deletedAt: null };
  return database().dataset.findFirst({ where, orderBy: { createdAt: 'desc' } });
}

export type DatasetChange = Partial<Pick<Dataset, 'name' | 'format' | 'threshold' | 'deletedAt'>> & {
  calibration?: Prisma.InputJsonValue;
};

/** @returns whether the owner has such a set */
export async function changeDataset(owner: Owner, id: string, change: DatasetChange): Promise<boolean> {
  const where = { id, ownerId: owner.userId, deletedAt: null };
  const { count } = await database().dataset.updateMany({ where, data: { ...change, updatedAt: new Date() } });
  return count > 0;
}

/** Items of sets by label and decision. */
export async function countItems(datasetIds: string[]): Promise<Map<string, LabelCounts[]>> {
  const groups = await database().datasetItem.groupBy({
    by: ['datasetId', 'label', 'verdict'],
    where: { datasetId: { in: datasetIds } },
    _count: { _all: true, maskId: true, score: true },
  });
  const counts = new Map<string, LabelCounts[]>();
  for (const { datasetId, label, verdict, _count } of groups) {
    const row = { label, verdict, items: _count._all, masks: _count.maskId, scored: _count.score };
    counts.set(datasetId, [...(counts.get(datasetId) ?? []), row]);
  }
  return counts;
}

/** Items per value of a column, the most frequent first; items without one are not counted. */
export async function countBy(
  datasetId: string,
  column: 'category' | 'defectType' | 'split',
  where: { label?: 'normal' | 'anomalous' | 'unlabelled' } = {},
): Promise<{ value: string; items: number }[]> {
  const groups = await database().datasetItem.groupBy({
    by: [column],
    where: { datasetId, ...where },
    _count: { _all: true },
  });
  return groups
    .flatMap((group) => {
      const value = group[column];
      return value === null || value === undefined ? [] : [{ value, items: group._count._all }];
    })
    .sort((a, b) => b.items - a.items || (a.value < b.value ? -1 : 1));
}

export type ReferenceSetRow = { id: string; name: string; images: number };

export async function listReferenceSets(datasetId: string): Promise<ReferenceSetRow[]> {
  const rows = await database().referenceSet.findMany({
    where: { datasetId },
    include: { _count: { select: { images: true } } },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map(({ id, name, _count }) => ({ id, name, images: _count.images }));
}

/** Stores normal images to compare with. */
export async function createReferenceSet(
  owner: Owner,
  set: { id: string; datasetId: string; name: string; imageIds: string[] },
): Promise<void> {
  const { imageIds, ...row } = set;
  await database().referenceSet.create({
    data: { ...row, ownerId: owner.userId, images: { create: imageIds.map((imageId) => ({ imageId })) } },
  });
}
