import { database } from '../client';

/** Storage key of an image's bytes; whether the person may see the image is the caller's to check. */
export async function findImageContent(imageId: string): Promise<string | null> {
  const found = await database().image.findUnique({ where: { id: imageId }, select: { sha256: true } });
  return found?.sha256 ?? null;
}
