import sharp from 'sharp';
import type { MaskPart } from '@/lib/contract';
import { imageGate } from '@/lib/images/gate';
import { type StoredImage, windowOf } from '@/lib/images/image-source';
import { union } from '@/lib/segmentation/morphology';
import { resizeMask } from '@/lib/segmentation/reduce-mask';
import { decodeRle } from '@/lib/segmentation/rle';
import { blobs } from '@/lib/storage';
import { openPicture } from '@/lib/vision/open-picture';

const COLOUR = { r: 230, g: 30, b: 60 };
const FILL_ALPHA = 90;

/** Half-transparent colour on the defect, opaque on the border of it, nothing elsewhere; RGBA. */
function paint(mask: Uint8Array, width: number, height: number): Buffer {
  const rgba = Buffer.alloc(width * height * 4);
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : (mask[y * width + x] ?? 0));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (at(x, y) === 0) {
        continue;
      }
      const inside = at(x - 1, y) && at(x + 1, y) && at(x, y - 1) && at(x, y + 1);
      const offset = (y * width + x) * 4;
      rgba.set([COLOUR.r, COLOUR.g, COLOUR.b, inside ? FILL_ALPHA : 255], offset);
    }
  }
  return rgba;
}

/** The image, at most `maxWidth` wide, with its masks drawn over it, as a JPEG. */
export async function drawMasks(image: StoredImage, masks: readonly MaskPart[], maxWidth: number): Promise<Buffer> {
  const original = await blobs().read(image.sha256);
  return imageGate.run(async () => {
    const { data, info } = await (
      await openPicture(original, { window: windowOf(image) })
    )
      .resize({ width: maxWidth, withoutEnlargement: true })
      .png()
      .toBuffer({ resolveWithObject: true });
    const layers = masks.map(({ rle }) => decodeRle(rle));
    const [first, ...rest] = layers;
    if (first === undefined) {
      return sharp(data).jpeg({ quality: 88 }).toBuffer();
    }
    // Averaged, a scratch of a pixel would vanish.
    const scaled = resizeMask(rest.reduce(union, first), info.width, info.height);
    const overlay = paint(scaled.data, info.width, info.height);
    return sharp(data)
      .composite([{ input: overlay, raw: { width: info.width, height: info.height, channels: 4 } }])
      .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
      .toBuffer();
  });
}
