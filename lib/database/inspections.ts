import { database } from './client';
import { isUniqueViolation } from './errors';
import type { Inspection, Prisma } from './generated/client';
import { visibleTo } from './images';
import type { Owner } from './owner';

export type InspectionRow = Inspection;

/** How an image was looked at: beside which others, and by which window on its values, if one was chosen. */
export type LookedAt = { referenceIds: string[]; window?: { low: number; high: number } | undefined };

/** References in any order are the same references. */
function referenceKey({ referenceIds, window }: LookedAt): string {
  const own = window === undefined ? [] : [`values ${window.low} to ${window.high}`];
  return [...[...new Set(referenceIds)].sort(), ...own].join(',');
}

export async function findInspection(owner: Owner, id: string): Promise<InspectionRow | null> {
  return database().inspection.findFirst({ where: { id, image: visibleTo(owner) } });
}

/** What `bundle` saw in an image before, with exactly these references and this window. */
export async function findInspectionOf(
  imageId: string,
  bundle: string,
  lookedAt: LookedAt,
): Promise<InspectionRow | null> {
  return database().inspection.findUnique({
    where: { imageId_bundle_referenceKey: { imageId, bundle, referenceKey: referenceKey(lookedAt) } },
  });
}

type NewInspection = Pick<Inspection, 'id' | 'imageId' | 'bundle' | 'score' | 'mapKey'> &
  LookedAt & { payload: Prisma.InputJsonValue };

/** Stores an inspection; the same image, bundle, references and window keep the first row. */
export async function putInspection({ referenceIds, window, ...data }: NewInspection): Promise<InspectionRow> {
  const lookedAt = { referenceIds, window };
  const found = await findInspectionOf(data.imageId, data.bundle, lookedAt);
  if (found !== null) {
    return found;
  }
  try {
    return await database().inspection.create({ data: { ...data, referenceKey: referenceKey(lookedAt) } });
  } catch (error) {
    const first = isUniqueViolation(error) ? await findInspectionOf(data.imageId, data.bundle, lookedAt) : null;
    if (first !== null) {
      return first;
    }
    throw error;
  }
}
