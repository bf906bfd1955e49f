import { database } from './client';
import { Prisma, type BatchJob, type Image, type JobState, type ModelVerdict } from './generated/client';
import type { Owner } from './owner';

export type BatchJobRow = BatchJob;

export async function createBatchJob(
  owner: Owner,
  job: Pick<BatchJob, 'id' | 'datasetId' | 'mode' | 'runner' | 'total'> & { referenceIds: string[] },
): Promise<BatchJobRow> {
  return database().batchJob.create({ data: { ...job, ownerId: owner.userId } });
}

export async function findBatchJob(owner: Owner, datasetId: string, id: string): Promise<BatchJobRow | null> {
  return database().batchJob.findFirst({ where: { id, datasetId, ownerId: owner.userId } });
}

/** A job by its id alone, for the runner. */
export async function getBatchJob(id: string): Promise<BatchJobRow | null> {
  return database().batchJob.findUnique({ where: { id } });
}

export async function listBatchJobs(datasetId: string): Promise<BatchJobRow[]> {
  return database().batchJob.findMany({ where: { datasetId }, orderBy: { createdAt: 'desc' }, take: 20 });
}

export async function listUnfinishedBatches(runner: string): Promise<BatchJobRow[]> {
  return database().batchJob.findMany({
    where: { runner, state: { in: ['waiting', 'running'] } },
    orderBy: { createdAt: 'asc' },
  });
}

/** The set's job of this kind that did not end. */
export async function findUnfinishedBatch(datasetId: string, runner?: string): Promise<BatchJobRow | null> {
  return database().batchJob.findFirst({
    where: { datasetId, ...(runner !== undefined && { runner }), state: { in: ['waiting', 'running', 'paused'] } },
    orderBy: { createdAt: 'desc' },
  });
}

export async function changeBatchJob(
  id: string,
  change: Partial<Pick<BatchJob, 'state' | 'total' | 'bundle' | 'error' | 'finishedAt'>>,
): Promise<void> {
  await database().batchJob.update({ where: { id }, data: change });
}

/** Moves a job from one of some states to another; false when it is in none of them. */
export async function moveBatchJob(id: string, from: JobState[], to: JobState): Promise<boolean> {
  const { count } = await database().batchJob.updateMany({ where: { id, state: { in: from } }, data: { state: to } });
  return count > 0;
}

/** What the engine needs of an image: its bytes, and the window it is read by. */
type Content = Pick<Image, 'sha256' | 'low' | 'high'>;
const contentSelect = { sha256: true, low: true, high: true } as const;

export type ScanItem = {
  id: string;
  imageId: string;
  label: 'normal' | 'anomalous' | 'unlabelled';
  category: string | null;
  image: Content;
  mask: { rle: Prisma.JsonValue } | null;
};

const scanSelect = {
  id: true,
  imageId: true,
  label: true,
  category: true,
  image: { select: contentSelect },
  mask: { select: { rle: true } },
} as const;

/** The next items of a category that a job has no result for, in the order of their paths. */
export async function nextItems(
  job: Pick<BatchJob, 'id' | 'datasetId'>,
  category: string | null,
  limit: number,
): Promise<ScanItem[]> {
  return database().datasetItem.findMany({
    where: { datasetId: job.datasetId, category, results: { none: { jobId: job.id } } },
    orderBy: { path: 'asc' },
    take: limit,
    select: scanSelect,
  });
}

/** The categories of a set, null for items without one. */
export async function listCategories(datasetId: string): Promise<(string | null)[]> {
  const groups = await database().datasetItem.groupBy({
    by: ['category'],
    where: { datasetId },
    orderBy: { category: 'asc' },
  });
  return groups.map(({ category }) => category);
}

/** Contents of a category's images that may be normal, in the order of their ids, which is random. */
export async function listBankCandidates(
  datasetId: string,
  category: string | null,
  { onlyNormal, limit }: { onlyNormal: boolean; limit: number },
): Promise<({ id: string } & Content)[]> {
  const rows = await database().datasetItem.findMany({
    where: { datasetId, category, ...(onlyNormal && { label: 'normal' }) },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true, image: { select: contentSelect } },
  });
  return rows.map(({ id, image }) => ({ id, ...image }));
}

export type NewResult = Omit<Prisma.BatchResultUncheckedCreateInput, 'jobId' | 'createdAt'>;

/** Stores what a job says about an item, with the image's feature, and counts it, at once. */
export async function storeResult(
  jobId: string,
  result: NewResult,
  {
    bundle,
    imageId,
    vector,
    activeMs,
  }: { bundle: string | null; imageId: string; vector: Uint8Array<ArrayBuffer> | null; activeMs: number },
): Promise<void> {
  const isFailed = typeof result.error === 'string';
  await database().$transaction([
    database().batchResult.create({ data: { jobId, ...result } }),
    ...(vector === null || bundle === null
      ? []
      : [
          database().imageFeature.upsert({
            where: { imageId_bundle: { imageId, bundle } },
            create: { imageId, bundle, vector },
            update: { vector },
          }),
        ]),
    database().batchJob.update({
      where: { id: jobId },
      data: {
        activeMs: { increment: activeMs },
        ...(isFailed ? { failed: { increment: 1 } } : { done: { increment: 1 } }),
      },
    }),
  ]);
}

/** What a job says, with what the items state, in the order of the paths; for the last step and for reports. */
export async function* eachResult(jobId: string, pageSize = 500) {
  let after: string | undefined;
  for (;;) {
    const page = await database().batchResult.findMany({
      where: { jobId, ...(after !== undefined && { itemId: { gt: after } }) },
      orderBy: { itemId: 'asc' },
      take: pageSize,
      include: {
        item: {
          select: {
            id: true,
            imageId: true,
            path: true,
            label: true,
            category: true,
            defectType: true,
            maskId: true,
            verdict: true,
          },
        },
      },
    });
    yield* page;
    after = page.at(-1)?.itemId;
    if (page.length < pageSize) {
      return;
    }
  }
}

/** The features of images, by image. */
export async function findFeatures(imageIds: string[], bundle: string): Promise<Map<string, Uint8Array>> {
  const rows = await database().imageFeature.findMany({ where: { bundle, imageId: { in: imageIds } } });
  return new Map(rows.map(({ imageId, vector }) => [imageId, vector]));
}

export type Settled = {
  itemId: string;
  score: number;
  disagreement: number | null;
  uncertainty: number;
  /** The model's verdict (`Judgement`); null where it has none. */
  judgement: { verdict: ModelVerdict; [field: string]: Prisma.InputJsonValue | null } | null;
};

/** Writes the final numbers to the results and to the items, which are sorted by them. */
export async function storeSettled(jobId: string, rows: readonly Settled[]): Promise<void> {
  for (let from = 0; from < rows.length; from += 200) {
    const chunk = rows.slice(from, from + 200);
    await database().$transaction(
      chunk.flatMap(({ itemId, score, disagreement, uncertainty, judgement }) => [
        database().batchResult.update({
          where: { jobId_itemId: { jobId, itemId } },
          data: { disagreement, uncertainty },
        }),
        database().datasetItem.update({
          where: { id: itemId },
          data: {
            ...{ score, disagreement, uncertainty, scoreJobId: jobId },
            modelVerdict: judgement?.verdict ?? null,
            judgement: judgement ?? Prisma.DbNull,
          },
        }),
      ]),
    );
  }
}

/** The features of a set's images (or of one image), by item, a page at a time. */
export async function* eachFeature(
  datasetId: string,
  imageId?: string,
): AsyncGenerator<{ itemId: string; bundle: string; vector: Uint8Array }> {
  let after: string | undefined;
  const pageSize = 500;
  for (;;) {
    const page = await database().datasetItem.findMany({
      where: {
        datasetId,
        ...(imageId !== undefined && { imageId }),
        ...(after !== undefined && { id: { gt: after } }),
      },
      orderBy: { id: 'asc' },
      take: pageSize,
      select: { id: true, image: { select: { features: true } } },
    });
    for (const { id, image } of page) {
      yield* image.features.map(({ bundle, vector }) => ({ itemId: id, bundle, vector }));
    }
    after = page.at(-1)?.id;
    if (page.length < pageSize) {
      return;
    }
  }
}
