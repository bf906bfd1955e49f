import { database } from '../client';
import type { Image } from '../generated/client';

/**
 * Storage key of an image's bytes, and the window it is shown by; whether the person may see the image is the caller's
 * to check.
 */
export async function findImageContent(imageId: string): Promise<Pick<Image, 'sha256' | 'low' | 'high'> | null> {
  return database().image.findUnique({ where: { id: imageId }, select: { sha256: true, low: true, high: true } });
}
