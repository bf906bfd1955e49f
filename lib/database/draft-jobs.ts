import { database } from './client';
import type { DraftJob, DraftScope, ItemDraft, JobState, Prisma } from './generated/client';
import type { Owner } from './owner';

export type DraftJobRow = DraftJob;
type Field = 'description' | 'impact' | 'suggestion';
type NewJob = Omit<
  Prisma.DraftJobUncheckedCreateInput,
  'ownerId' | 'fields' | 'state' | 'done' | 'failed' | 'error' | 'activeMs' | 'createdAt' | 'finishedAt' | 'drafts'
> & { fields: Field[] };

export async function createDraftJob(owner: Owner, job: NewJob): Promise<DraftJobRow> {
  return database().draftJob.create({ data: { ...job, ownerId: owner.userId } });
}

export async function findDraftJob(owner: Owner, datasetId: string, id: string): Promise<DraftJobRow | null> {
  return database().draftJob.findFirst({ where: { id, datasetId, ownerId: owner.userId } });
}

/** A job by its id alone, for the runner. */
export async function getDraftJob(id: string): Promise<DraftJobRow | null> {
  return database().draftJob.findUnique({ where: { id } });
}

export async function listDraftJobs(datasetId: string): Promise<DraftJobRow[]> {
  return database().draftJob.findMany({ where: { datasetId }, orderBy: { createdAt: 'desc' }, take: 20 });
}

export async function listUnfinishedDraftJobs(runner: string): Promise<DraftJobRow[]> {
  return database().draftJob.findMany({
    where: { runner, state: { in: ['waiting', 'running'] } },
    orderBy: { createdAt: 'asc' },
  });
}

/** The set's job in one of some states, the latest one; of a runner, if one is named. */
export async function findDraftJobIn(
  datasetId: string,
  states: JobState[],
  runner?: string,
): Promise<DraftJobRow | null> {
  return database().draftJob.findFirst({
    where: { datasetId, ...(runner !== undefined && { runner }), state: { in: states } },
    orderBy: { createdAt: 'desc' },
  });
}

export async function changeDraftJob(
  id: string,
  change: Partial<Pick<DraftJob, 'state' | 'total' | 'error' | 'finishedAt'>>,
): Promise<void> {
  await database().draftJob.update({ where: { id }, data: change });
}

/** Moves a job from one of some states to another; false when it is in none of them. */
export async function moveDraftJob(id: string, from: JobState[], to: JobState): Promise<boolean> {
  const { count } = await database().draftJob.updateMany({ where: { id, state: { in: from } }, data: { state: to } });
  return count > 0;
}

/** Items that lack one of the fields. A normal one has no impact and needs no action: only its description counts. */
function lacking(datasetId: string, scope: DraftScope, fields: readonly Field[]): Prisma.DatasetItemWhereInput {
  const labels = { anomalous: ['anomalous'], labelled: ['anomalous', 'normal'], all: undefined } as const;
  const wanted = labels[scope];
  return {
    datasetId,
    AND: [
      wanted === undefined ? {} : { label: { in: [...wanted] } },
      {
        OR: [
          { label: { not: 'normal' }, OR: fields.map((field) => ({ [field]: null })) },
          ...(fields.includes('description') ? [{ label: 'normal' as const, description: null }] : []),
        ],
      },
    ],
  };
}

export async function countLacking(datasetId: string, scope: DraftScope, fields: readonly Field[]): Promise<number> {
  return database().datasetItem.count({ where: lacking(datasetId, scope, fields) });
}

const draftedItem = {
  ...{ id: true, imageId: true, label: true, defectType: true, description: true, impact: true, suggestion: true },
  image: { select: { name: true, sha256: true, low: true, high: true } },
  mask: { select: { rle: true } },
} as const satisfies Prisma.DatasetItemSelect;
export type DraftedItem = Prisma.DatasetItemGetPayload<{ select: typeof draftedItem }>;

/** The next items that a job has not dealt with, in the order of their paths. */
export async function nextUndrafted(
  { id, datasetId, scope }: Pick<DraftJob, 'id' | 'datasetId' | 'scope'>,
  fields: readonly Field[],
  limit: number,
): Promise<DraftedItem[]> {
  return database().datasetItem.findMany({
    where: { AND: [lacking(datasetId, scope, fields), { drafts: { none: { jobId: id } } }] },
    orderBy: { path: 'asc' },
    take: limit,
    select: draftedItem,
  });
}

/** Stores what a job wrote about an item, and counts it, at once. */
export async function storeDraft(
  jobId: string,
  draft: Pick<ItemDraft, 'itemId' | Field | 'error'>,
  activeMs: number,
): Promise<void> {
  await database().$transaction([
    database().itemDraft.create({ data: { jobId, ...draft } }),
    database().draftJob.update({
      where: { id: jobId },
      data: {
        activeMs: { increment: activeMs },
        ...(draft.error === null ? { done: { increment: 1 } } : { failed: { increment: 1 } }),
      },
    }),
  ]);
}

/** Forgets the items that a job failed with, so that it tries them again. */
export async function forgetFailedDrafts(jobId: string): Promise<void> {
  await database().$transaction([
    database().itemDraft.deleteMany({ where: { jobId, error: { not: null } } }),
    database().draftJob.update({ where: { id: jobId }, data: { failed: 0 } }),
  ]);
}

/** A draft that waits for a person. */
export const pendingDraft = { error: null, reviewedAt: null } as const satisfies Prisma.ItemDraftWhereInput;

/** The latest draft of an item that nobody has reviewed, with who wrote it. */
export async function findPendingDraft(itemId: string): Promise<(Pick<ItemDraft, Field> & { by: string }) | null> {
  const found = await database().itemDraft.findFirst({
    where: { itemId, ...pendingDraft },
    orderBy: { createdAt: 'desc' },
    select: { description: true, impact: true, suggestion: true, job: { select: { label: true } } },
  });
  return found === null ? null : { ...found, by: found.job.label };
}

/** How many items of a set have a draft that nobody has reviewed. */
export async function countPendingDrafts(datasetId: string): Promise<number> {
  return database().datasetItem.count({ where: { datasetId, drafts: { some: pendingDraft } } });
}
