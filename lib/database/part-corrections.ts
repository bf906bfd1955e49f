import { database } from './client';
import { isUniqueViolation } from './errors';
import { Prisma, type PartCorrection } from './generated/client';
import type { Owner } from './owner';
import { type NewSample, checkRoom, putSample } from './parts';
import { visiblePart } from './visible-part';

export type PartCorrectionRow = PartCorrection & {
  author: { name: string } | null;
  undoneBy: { name: string } | null;
};

export type NewCorrection = Pick<
  PartCorrection,
  'id' | 'partId' | 'imageId' | 'kind' | 'note' | 'thresholdBefore' | 'thresholdAfter'
> & { sample: NewSample & { id: string } };

/** What a sample was before a correction, to bring it back. */
type SampleState = Omit<NewSample, 'imageId'> & { id: string; authorId: string | null };

const names = { author: { select: { name: true } }, undoneBy: { select: { name: true } } };

/** The corrections of a part, the newest first. */
export async function listCorrections(partId: string, limit = 200): Promise<PartCorrectionRow[]> {
  return database().partCorrection.findMany({
    where: { partId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    include: names,
  });
}

/**
 * Stores a correction and what the image is now, both or neither. The same correction (`id`) again changes nothing.
 * @throws TooManySamplesError, nothing is kept then
 */
export async function addCorrection(
  { userId }: Owner,
  { sample, ...correction }: NewCorrection,
): Promise<'added' | 'repeated'> {
  const { partId, imageId } = correction;
  try {
    return await database().$transaction(async (tx) => {
      if ((await tx.partCorrection.findUnique({ where: { id: correction.id } })) !== null) {
        return 'repeated';
      }
      const found = await tx.partSample.findUnique({ where: { partId_imageId: { partId, imageId } } });
      const before: SampleState | null = found && {
        ...{ id: found.id, kind: found.kind, view: found.view, defectType: found.defectType },
        ...{ bbox: found.bbox, score: found.score, authorId: found.authorId },
      };
      const view = sample.view ?? found?.view ?? null;
      await putSample(tx, userId, partId, { ...sample, view });
      await checkRoom(tx, partId);
      await tx.partCorrection.create({
        data: {
          ...correction,
          authorId: userId,
          sampleKind: sample.kind,
          defectType: sample.defectType,
          bbox: sample.bbox ?? Prisma.DbNull,
          before: before === null ? Prisma.DbNull : (before as Prisma.InputJsonValue),
        },
      });
      await tx.part.update({ where: { id: partId }, data: { updatedAt: new Date() } });
      return 'added';
    });
  } catch (error) {
    if (isUniqueViolation(error)) {
      return 'repeated';
    }
    throw error;
  }
}

/**
 * Takes a correction back: the image is again what it was before. `later`: the same image was corrected again since,
 * which comes first; `undone`: it was taken back before.
 */
export async function undoCorrection(
  owner: Owner,
  partId: string,
  id: string,
): Promise<'done' | 'later' | 'undone' | 'not_found'> {
  return database().$transaction(async (tx) => {
    const found = await tx.partCorrection.findFirst({ where: { id, partId, part: visiblePart(owner) } });
    if (found === null) {
      return 'not_found';
    }
    if (found.undoneAt !== null) {
      return 'undone';
    }
    const { imageId, createdAt } = found;
    const later = await tx.partCorrection.findFirst({
      where: {
        ...{ partId, imageId, undoneAt: null },
        OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: id } }],
      },
    });
    if (later !== null) {
      return 'later';
    }
    const before = found.before as SampleState | null;
    if (before === null) {
      await tx.partSample.deleteMany({ where: { partId, imageId } });
    } else {
      const { authorId, ...sample } = before;
      await putSample(tx, authorId ?? owner.userId, partId, { imageId, ...sample });
    }
    await tx.partCorrection.update({ where: { id }, data: { undoneAt: new Date(), undoneById: owner.userId } });
    await tx.part.update({ where: { id: partId }, data: { updatedAt: new Date() } });
    return 'done';
  });
}
