import { database } from './client';
import type { Mask, Prisma } from './generated/client';
import { visibleTo } from './images';
import type { Owner } from './owner';

export type MaskRow = Mask & { image: { name: string; width: number; height: number } };

type NewMask = Pick<Mask, 'id' | 'imageId' | 'areaFraction' | 'label' | 'score' | 'source'> & {
  messageId?: string;
  inspectionId?: string;
  rle: Prisma.InputJsonValue;
  bbox: Prisma.InputJsonValue;
};

export async function createMask(mask: NewMask): Promise<void> {
  await database().mask.create({ data: mask });
}

/** A mask of one of the images that a person may look at. */
export async function findMask(owner: Owner, id: string): Promise<MaskRow | null> {
  return database().mask.findFirst({
    where: { id, image: visibleTo(owner) },
    include: { image: { select: { name: true, width: true, height: true } } },
  });
}

/** The model's masks of an inspection, in the order in which they were made. */
export async function listInspectionMasks(inspectionId: string): Promise<Mask[]> {
  return database().mask.findMany({
    where: { inspectionId, messageId: null, source: 'model' },
    orderBy: [{ createdAt: 'asc' }, { score: 'desc' }],
  });
}
