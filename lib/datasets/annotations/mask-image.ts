import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { createMask, type Mask } from '@/lib/segmentation/mask';
import { MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS } from '@/lib/vision/decode';
import { bmpToPng, looksLikeBmp } from '../readers/bmp';

/**
 * A file's bytes, a Windows bitmap as PNG.
 * @throws RangeError for a file above the limit for images
 */
export async function readImageBytes(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > MAX_IMAGE_BYTES) {
    throw new RangeError(`The file has ${size} bytes, more than ${MAX_IMAGE_BYTES}.`);
  }
  const bytes = await readFile(path);
  return looksLikeBmp(bytes) ? bmpToPng(bytes) : bytes;
}

/**
 * Reads a mask picture. Masks use 0 for normal; anomalous is 255, a small class number (VisA), or anything bright after lossy compression. So a mask whose brightest value is
 * above 127 counts from 128, any other from 1.
 *
 * @throws Error for what is no readable image
 */
export async function readMaskImage(path: string): Promise<Mask> {
  const { data, info } = await sharp(await readImageBytes(path), {
    limitInputPixels: MAX_IMAGE_PIXELS,
    failOn: 'error',
  })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const mask = createMask(width, height);
  let brightest = 0;
  for (const value of data) {
    brightest = Math.max(brightest, value);
  }
  const least = brightest > 127 ? 128 : 1;
  for (let i = 0; i < data.length; i += 1) {
    if ((data[i] ?? 0) >= least) {
      mask.data[Math.floor(i / channels)] = 1;
    }
  }
  return mask;
}
