import type { ImageRow } from '@/lib/database/images';
import { blobs } from '@/lib/storage';
import type { ImageSource } from '@/lib/turn/perception';
import type { ValueWindow } from '@/lib/vision/value-range';

/** A stored image as whoever decodes it needs it. */
export type StoredImage = Pick<ImageRow, 'sha256' | 'low' | 'high'>;

/** The window that somebody chose for an image; undefined: its range is found. */
export function windowOf({ low, high }: Pick<StoredImage, 'low' | 'high'>): ValueWindow | undefined {
  return low === null || high === null ? undefined : { low, high };
}

/** Where the engine finds a stored image, and how it is to read it. */
export async function sourceOf(image: StoredImage): Promise<ImageSource> {
  const window = windowOf(image);
  return { path: await blobs().localPath(image.sha256), ...(window !== undefined && { window }) };
}
