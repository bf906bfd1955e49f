import { imageVariant } from '@/lib/images/variant';
import type { ShareRow } from '@/lib/database/shares';
import { AppError } from '@/lib/http/app-error';
import { blobs } from '@/lib/storage';
import { findSharedImage } from './open-share';

export type SharedImage = { bytes: Buffer; mime: string; name: string; attachment: boolean };

/**
 * An image of a link: at a stored width; at full size without loss, as a PNG that our encoder wrote and that has
 * nothing but pixels; or the file as it was uploaded, if the link includes metadata.
 * @throws AppError not_found, forbidden
 */
export async function sharedImage(
  share: ShareRow,
  imageId: string,
  { w, original }: { w?: number | undefined; original?: '1' | undefined },
): Promise<SharedImage> {
  const image = await findSharedImage(share, imageId);
  if (original !== undefined) {
    if (!share.includeMetadata) {
      throw new AppError('forbidden', 'This link does not include the original files');
    }
    const name = share.includeNames ? image.name : `image.${image.mime.split('/').at(-1) ?? 'bin'}`;
    return { bytes: await blobs().read(image.sha256), mime: image.mime, name, attachment: true };
  }
  const { bytes, mime } = w === undefined ? await imageVariant(image, w, 'png') : await imageVariant(image, w);
  const stem = share.includeNames ? image.name.replace(/\.[^.]*$/, '') : 'image';
  return { bytes, mime, name: `${stem}.${mime.split('/').at(-1) ?? 'png'}`, attachment: w === undefined };
}
