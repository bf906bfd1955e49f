import { database } from './client';
import { Prisma, type ImportJob, type JobState } from './generated/client';
import type { Owner } from './owner';

export type ImportJobRow = ImportJob;
type Problem = { code: string; place: string; message: string };

export async function createImportJob(
  owner: Owner,
  job: Pick<ImportJob, 'id' | 'datasetId' | 'source' | 'directory' | 'staged' | 'format' | 'runner'>,
): Promise<ImportJobRow> {
  return database().importJob.create({ data: { ...job, ownerId: owner.userId } });
}

export async function findImportJob(owner: Owner, datasetId: string, id: string): Promise<ImportJobRow | null> {
  return database().importJob.findFirst({ where: { id, datasetId, ownerId: owner.userId } });
}

/** A job by its id alone, for the runner. */
export async function getImportJob(id: string): Promise<ImportJobRow | null> {
  return database().importJob.findUnique({ where: { id } });
}

export async function listImportJobs(datasetId: string): Promise<ImportJobRow[]> {
  return database().importJob.findMany({ where: { datasetId }, orderBy: { createdAt: 'desc' }, take: 20 });
}

/** Jobs that a runner was at, or was to begin, the oldest first. */
export async function listUnfinishedImports(runner: string): Promise<ImportJobRow[]> {
  return database().importJob.findMany({
    where: { runner, state: { in: ['waiting', 'running'] } },
    orderBy: { createdAt: 'asc' },
  });
}

/** A job of the command line about the same folder that did not end. */
export async function findUnfinishedImport(datasetId: string, directory: string): Promise<ImportJobRow | null> {
  return database().importJob.findFirst({
    where: { datasetId, directory, runner: 'cli', state: { in: ['waiting', 'running', 'paused', 'failed'] } },
    orderBy: { createdAt: 'desc' },
  });
}

export async function changeImportJob(
  id: string,
  change: Partial<Pick<ImportJob, 'state' | 'total' | 'format' | 'error' | 'finishedAt' | 'activeMs' | 'staged'>>,
): Promise<void> {
  await database().importJob.update({ where: { id }, data: change });
}

/** Counts that a job's reader was ended. @returns how often, since the job last got on */
export async function countImportAttempt(id: string): Promise<number> {
  const { attempts } = await database().importJob.update({
    where: { id },
    data: { attempts: { increment: 1 } },
    select: { attempts: true },
  });
  return attempts;
}

/** Moves a job from one of some states to another; false when it is in none of them. */
export async function moveImportJob(id: string, from: JobState[], to: JobState): Promise<boolean> {
  const { count } = await database().importJob.updateMany({ where: { id, state: { in: from } }, data: { state: to } });
  return count > 0;
}

/** How many problems of each code the jobs have. */
export async function countImportProblems(jobIds: string[]): Promise<Map<string, Record<string, number>>> {
  const groups = await database().importProblem.groupBy({
    by: ['jobId', 'code'],
    where: { jobId: { in: jobIds } },
    _count: { _all: true },
  });
  const counts = new Map<string, Record<string, number>>();
  for (const { jobId, code, _count } of groups) {
    counts.set(jobId, { ...counts.get(jobId), [code]: _count._all });
  }
  return counts;
}

export async function listImportProblems(jobId: string, after: number, limit: number) {
  return database().importProblem.findMany({
    where: { jobId, seq: { gt: after } },
    orderBy: { seq: 'asc' },
    take: limit,
    select: { seq: true, code: true, place: true, message: true },
  });
}

/** What a job's problems of one code are about. */
export async function listProblemPlaces(jobId: string, code: string): Promise<string[]> {
  const rows = await database().importProblem.findMany({ where: { jobId, code }, select: { place: true } });
  return rows.map(({ place }) => place);
}

/** Replaces the problems of reading the set; called before the first image. */
export async function startImport(
  id: string,
  total: number,
  format: string,
  problems: readonly Problem[],
): Promise<void> {
  await database().$transaction([
    database().importProblem.deleteMany({ where: { jobId: id } }),
    ...chunks(problems, 500).map((chunk, index) =>
      database().importProblem.createMany({
        data: chunk.map((problem, i) => ({ jobId: id, seq: index * 500 + i, ...problem })),
      }),
    ),
    database().importJob.update({
      where: { id },
      data: { total, format, attempts: 0, position: 0, added: 0, updated: 0, unchanged: 0, skipped: 0 },
    }),
  ]);
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
}

/** An image that is ready to be stored, its bytes already being in the storage. */
export type ReadyItem = {
  itemId: string;
  image: { id: string; sha256: string; name: string; mime: string; width: number; height: number; bytes: number };
  mask:
    | (Pick<Prisma.MaskCreateManyInput, 'id' | 'rle' | 'bbox' | 'areaFraction' | 'label'> & {
        parts?: Prisma.InputJsonValue;
      })
    | null;
  fields: Pick<
    Prisma.DatasetItemUncheckedCreateInput,
    | 'path'
    | 'split'
    | 'category'
    | 'label'
    | 'defectType'
    | 'description'
    | 'impact'
    | 'suggestion'
    | 'exchanges'
    | 'importHash'
  > & { path: string; importHash: string };
};

export type BatchOutcome = { added: number; updated: number; unchanged: number; skipped: number };

/**
 * Stores some images of an import and how far it is, in one transaction: after a crash the job goes on exactly there.
 * An item that says the same as before is left alone; one that a person reviewed keeps its annotation.
 */
export async function storeImportBatch(
  job: Pick<ImportJob, 'id' | 'ownerId' | 'datasetId'>,
  items: readonly ReadyItem[],
  {
    position,
    problems,
    skipped,
    activeMs,
  }: { position: number; problems: readonly Problem[]; skipped: number; activeMs: number },
): Promise<BatchOutcome> {
  return database().$transaction(async (tx) => {
    const outcome: BatchOutcome = { added: 0, updated: 0, unchanged: 0, skipped };
    const found = [...problems];
    const known = new Map(
      (
        await tx.datasetItem.findMany({
          where: { datasetId: job.datasetId, path: { in: items.map(({ fields }) => fields.path) } },
          select: { id: true, path: true, importHash: true, revision: true },
        })
      ).map((row) => [row.path, row]),
    );
    const isChanged = ({ fields }: ReadyItem) => known.get(fields.path)?.importHash !== fields.importHash;
    const changed = items.filter(isChanged);
    outcome.unchanged = items.length - changed.length;
    const images = await imageIds(tx, job.ownerId, changed);
    for (const item of changed) {
      const before = known.get(item.fields.path);
      if (before !== undefined && before.revision > 0) {
        outcome.unchanged += 1;
        const message = 'The files say something else now, but the item was reviewed: the review is kept.';
        found.push({ code: 'reviewed', place: item.fields.path, message });
        continue;
      }
      const imageId = images.get(item.image.sha256) ?? item.image.id;
      if (item.mask !== null) {
        await tx.mask.create({ data: { ...item.mask, imageId, score: 1, source: 'human', authorId: job.ownerId } });
      }
      const data = { ...item.fields, imageId, maskId: item.mask?.id ?? null };
      if (before === undefined) {
        await tx.datasetItem.create({ data: { id: item.itemId, datasetId: job.datasetId, ...data } });
        outcome.added += 1;
      } else {
        const stale = {
          ...{ score: null, disagreement: null, uncertainty: null, modelVerdict: null },
          judgement: Prisma.DbNull,
          updatedAt: new Date(),
        };
        await tx.datasetItem.update({ where: { id: before.id }, data: { ...data, ...stale } });
        outcome.updated += 1;
      }
    }
    if (found.length > 0) {
      const last = await tx.importProblem.findFirst({ where: { jobId: job.id }, orderBy: { seq: 'desc' } });
      const first = (last?.seq ?? -1) + 1;
      await tx.importProblem.createMany({
        data: found.map((problem, i) => ({ jobId: job.id, seq: first + i, ...problem })),
      });
    }
    await tx.importJob.update({
      where: { id: job.id },
      data: {
        position,
        activeMs,
        attempts: 0,
        added: { increment: outcome.added },
        updated: { increment: outcome.updated },
        unchanged: { increment: outcome.unchanged },
        skipped: { increment: skipped },
      },
    });
    return outcome;
  });
}

/** The ids of the images by their content; new ones are added. */
async function imageIds(
  tx: Prisma.TransactionClient,
  ownerId: string,
  items: readonly ReadyItem[],
): Promise<Map<string, string>> {
  const hashes = items.map(({ image }) => image.sha256);
  const read = async () =>
    new Map(
      (await tx.image.findMany({ where: { ownerId, sha256: { in: hashes } }, select: { id: true, sha256: true } })).map(
        ({ id, sha256 }) => [sha256, id],
      ),
    );
  const known = await read();
  const fresh = new Map(
    items.filter(({ image }) => !known.has(image.sha256)).map(({ image }) => [image.sha256, { ...image, ownerId }]),
  );
  if (fresh.size > 0) {
    await tx.image.createMany({ data: [...fresh.values()] });
  }
  return fresh.size > 0 ? read() : known;
}
