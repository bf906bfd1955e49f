import { database } from './client';
import { isUniqueViolation } from './errors';
import type { Inspection, Prisma } from './generated/client';
import { visibleTo } from './images';
import type { Owner } from './owner';

export type InspectionRow = Inspection;

/** References in any order are the same references. */
function referenceKey(referenceIds: string[]): string {
  return [...new Set(referenceIds)].sort().join(',');
}

export async function findInspection(owner: Owner, id: string): Promise<InspectionRow | null> {
  return database().inspection.findFirst({ where: { id, image: visibleTo(owner) } });
}

/** What `bundle` saw in an image before, with exactly these references. */
export async function findInspectionOf(
  imageId: string,
  bundle: string,
  referenceIds: string[],
): Promise<InspectionRow | null> {
  return database().inspection.findUnique({
    where: { imageId_bundle_referenceKey: { imageId, bundle, referenceKey: referenceKey(referenceIds) } },
  });
}

type NewInspection = Pick<Inspection, 'id' | 'imageId' | 'bundle' | 'score' | 'mapKey'> & {
  referenceIds: string[];
  payload: Prisma.InputJsonValue;
};

/** Stores an inspection; the same image, bundle and references keep the first row. */
export async function putInspection({ referenceIds, ...data }: NewInspection): Promise<InspectionRow> {
  const found = await findInspectionOf(data.imageId, data.bundle, referenceIds);
  if (found !== null) {
    return found;
  }
  try {
    return await database().inspection.create({ data: { ...data, referenceKey: referenceKey(referenceIds) } });
  } catch (error) {
    const first = isUniqueViolation(error) ? await findInspectionOf(data.imageId, data.bundle, referenceIds) : null;
    if (first !== null) {
      return first;
    }
    throw error;
  }
}
