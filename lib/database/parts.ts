import { database } from './client';
import { Prisma, type Image, type Part, type PartSample } from './generated/client';
import type { Owner } from './owner';
import { visiblePart } from './visible-part';

export type PartRow = Part;
export type PartSampleRow = PartSample & { image: Image };
type Transaction = Prisma.TransactionClient;

/** Good samples of one part, and its known defects. */
export const MAX_SAMPLES = 200;

export type NewSample = Pick<PartSample, 'imageId' | 'kind' | 'view' | 'defectType'> & {
  bbox: Prisma.InputJsonValue | null;
  score?: number | null;
};

/** @returns null when the owner has a part of this name already */
export async function createPart(
  owner: Owner,
  part: Pick<Part, 'id' | 'name'> & Partial<Pick<Part, 'number' | 'revision' | 'material' | 'notes' | 'shared'>>,
): Promise<PartRow | null> {
  return database().$transaction(async (tx) => {
    const taken = await findNamed(tx, owner, part.name);
    return taken === null ? tx.part.create({ data: { ...part, ownerId: owner.userId } }) : null;
  });
}

function findNamed(tx: Transaction, { userId }: Owner, name: string): Promise<{ id: string } | null> {
  return tx.part.findFirst({ where: { ownerId: userId, name, deletedAt: null }, select: { id: true } });
}

/** The parts that a person may look at, the latest changed first, with their samples. */
export async function listParts(owner: Owner): Promise<(PartRow & { samples: PartSampleRow[] })[]> {
  return database().part.findMany({
    where: visiblePart(owner),
    orderBy: [{ updatedAt: 'desc' }, { id: 'asc' }],
    include: { samples: { include: { image: true }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
  });
}

export async function findPart(owner: Owner, id: string): Promise<PartRow | null> {
  return database().part.findFirst({ where: { id, ...visiblePart(owner) } });
}

/** The part of this name: the own one, else the oldest that is shared. */
export async function findPartByName(owner: Owner, name: string): Promise<PartRow | null> {
  const rows = await database().part.findMany({
    where: { name, ...visiblePart(owner) },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.find(({ ownerId }) => ownerId === owner.userId) ?? rows[0] ?? null;
}

/** Ids of all parts, whoever's. */
export async function listPartIds(): Promise<string[]> {
  const rows = await database().part.findMany({ where: { deletedAt: null }, select: { id: true } });
  return rows.map(({ id }) => id);
}

/** The part with its samples, whoever's it is; null when it is gone. */
export async function readPart(id: string): Promise<(PartRow & { samples: PartSampleRow[] }) | null> {
  return database().part.findFirst({
    where: { id, deletedAt: null },
    include: { samples: { include: { image: true }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
  });
}

export type PartChange = Partial<
  Pick<Part, 'name' | 'number' | 'revision' | 'material' | 'notes' | 'pxPerMm' | 'shared' | 'threshold'>
> & { area?: Prisma.InputJsonValue | null };

/**
 * Changes a part as it was at `version`. `stale`: somebody else changed it since; `taken`: the name is another part's;
 * `not_own`: only its maker shares it, or ends that.
 */
export async function changePart(
  owner: Owner,
  id: string,
  version: number,
  { area, ...change }: PartChange,
): Promise<'changed' | 'stale' | 'taken' | 'not_own' | 'not_found'> {
  return database().$transaction(async (tx) => {
    const part = await tx.part.findFirst({ where: { id, ...visiblePart(owner) } });
    if (part === null) {
      return 'not_found';
    }
    if (part.version !== version) {
      return 'stale';
    }
    if (change.shared !== undefined && change.shared !== part.shared && part.ownerId !== owner.userId) {
      return 'not_own';
    }
    if (change.name !== undefined && change.name !== part.name) {
      if ((await findNamed(tx, { userId: part.ownerId }, change.name)) !== null) {
        return 'taken';
      }
    }
    const place = area === undefined ? {} : { area: area ?? Prisma.DbNull };
    const data = { ...change, ...place, version: version + 1, updatedAt: new Date() };
    await tx.part.update({ where: { id }, data });
    return 'changed';
  });
}

/** Takes an own part out of all lists. @returns whether there was one */
export async function hidePart({ userId }: Owner, id: string): Promise<boolean> {
  const { count } = await database().part.updateMany({
    where: { id, ownerId: userId, deletedAt: null },
    data: { deletedAt: new Date() },
  });
  return count > 0;
}

/** Thrown inside a transaction to undo it. */
export class TooManySamplesError extends Error {
  override name = 'TooManySamplesError';
}

/**
 * Adds samples, or changes what is known of images that are samples already. @throws TooManySamplesError, nothing is
 * kept then
 */
export async function putSamples(
  { userId }: Owner,
  partId: string,
  samples: readonly (NewSample & { id: string })[],
): Promise<void> {
  await database().$transaction(async (tx) => {
    for (const sample of samples) {
      await putSample(tx, userId, partId, sample);
    }
    await checkRoom(tx, partId);
    await tx.part.update({ where: { id: partId }, data: { updatedAt: new Date() } });
  });
}

/** Part of a transaction: adds a sample or changes what is known of it. */
export async function putSample(
  tx: Transaction,
  authorId: string,
  partId: string,
  { id, imageId, kind, view, defectType, bbox, score = null }: NewSample & { id: string },
): Promise<void> {
  const data = { kind, view, defectType, bbox: bbox ?? Prisma.DbNull, authorId, score, scoreKey: null };
  await tx.partSample.upsert({
    where: { partId_imageId: { partId, imageId } },
    create: { id, partId, imageId, ...data },
    update: data,
  });
}

/** Part of a transaction. @throws TooManySamplesError */
export async function checkRoom(tx: Transaction, partId: string): Promise<void> {
  for (const kind of ['golden', 'defect'] as const) {
    if ((await tx.partSample.count({ where: { partId, kind } })) > MAX_SAMPLES) {
      throw new TooManySamplesError();
    }
  }
}

/** @returns whether it was a sample */
export async function removeSample(partId: string, imageId: string): Promise<boolean> {
  return database().$transaction(async (tx) => {
    const { count } = await tx.partSample.deleteMany({ where: { partId, imageId } });
    if (count > 0) {
      await tx.part.update({ where: { id: partId }, data: { updatedAt: new Date() } });
    }
    return count > 0;
  });
}

/**
 * Stores how samples score beside the bank `scoreKey`; one that is gone or became something else meanwhile is left
 * alone.
 */
export async function storeSampleScores(
  partId: string,
  scoreKey: string,
  scores: readonly { imageId: string; kind: PartSample['kind']; score: number | null }[],
): Promise<void> {
  await database().$transaction(async (tx) => {
    for (const { imageId, kind, score } of scores) {
      await tx.partSample.updateMany({ where: { partId, imageId, kind }, data: { score, scoreKey } });
    }
  });
}
