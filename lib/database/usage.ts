import { database } from './client';

/**
 * Bytes of all images that a person has, or (null) of everybody's; what was deleted counts until it is gone for good.
 */
export async function storedBytes(userId: string | null): Promise<number> {
  const { _sum } = await database().image.aggregate({
    where: userId === null ? {} : { ownerId: userId },
    _sum: { bytes: true },
  });
  return _sum.bytes ?? 0;
}
