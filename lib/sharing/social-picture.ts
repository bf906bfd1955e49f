import sharp from 'sharp';
import { masksOf, shownImages, type ExportedConversation } from '@/lib/assistant/exports/gather';
import { drawMasks } from '@/lib/assistant/exports/overlay';

/** What previews of links show best (Open Graph), in pixels. */
export const PICTURE = { width: 1200, height: 630 } as const;
const GROUND = '#16181b';

/**
 * The image of the first answer that has a mask, with the mask drawn; else the first image of an answer; null when
 * there is none.
 */
function chooseImage({ messages, images }: ExportedConversation) {
  const shown = messages.flatMap((message) =>
    shownImages(message).flatMap(({ imageId }) => {
      const image = images.get(imageId);
      return image === undefined ? [] : [{ image, masks: masksOf(message, imageId) }];
    }),
  );
  return shown.find(({ masks }) => masks.length > 0) ?? shown[0] ?? null;
}

/** The picture of a link's preview as a PNG of `PICTURE`'s size: the whole image with its mask on a plain ground. */
export async function socialPicture(conversation: ExportedConversation): Promise<Buffer | null> {
  const chosen = chooseImage(conversation);
  if (chosen === null) {
    return null;
  }
  const { width, height } = chosen.image;
  const fitted = Math.max(1, Math.round(Math.min(PICTURE.width, (PICTURE.height / height) * width)));
  return sharp(await drawMasks(chosen.image, chosen.masks, fitted))
    .resize({ ...PICTURE, fit: 'contain', background: GROUND })
    .png({ compressionLevel: 8 })
    .toBuffer();
}
