import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { EngineError } from '@/lib/engine/errors';
import { bmpToPng, looksLikeBmp } from './bmp';
import { MAX_CHANNELS, MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS, readImageHeader } from './decode';

/** A mask as a picture says it: `data` has width x height bytes, 0 or 1, row-major. */
export type MaskPicture = { width: number; height: number; data: Uint8Array };

/** Pixels in the file's own orientation, 8 bits a channel, without alpha. */
async function readPixels(bytes: Uint8Array) {
  await readImageHeader(bytes);
  const options = { failOn: 'error', limitInputPixels: MAX_IMAGE_PIXELS, limitInputChannels: MAX_CHANNELS } as const;
  return sharp(bytes, options).removeAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
}

function tooLarge(size: number): EngineError {
  return new EngineError(
    'image_too_large',
    `The file has ${size} bytes, more than ${MAX_IMAGE_BYTES}: save it smaller.`,
  );
}

/** @throws EngineError `image_too_large`, before it is read */
export async function readBoundedFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > MAX_IMAGE_BYTES) {
    throw tooLarge(size);
  }
  return readFile(path);
}

/**
 * A file's bytes, a Windows bitmap as PNG.
 * @throws EngineError `image_too_large`; RangeError for a damaged bitmap
 */
export async function readImageBytes(path: string): Promise<Uint8Array> {
  const bytes = await readBoundedFile(path);
  const image = looksLikeBmp(bytes) ? await bmpToPng(bytes) : bytes;
  if (image.length > MAX_IMAGE_BYTES) {
    throw tooLarge(image.length);
  }
  return image;
}

/**
 * Reads a mask picture. Masks use 0 for normal; anomalous is 255, a small class number (VisA), or anything bright after lossy compression. So a mask whose brightest value is
 * above 127 counts from 128, any other from 1.
 *
 * @throws Error for what is no readable image
 */
export async function readMaskPicture(path: string): Promise<MaskPicture> {
  const { data, info } = await readPixels(await readImageBytes(path));
  const { width, height, channels } = info;
  const mask = new Uint8Array(width * height);
  let brightest = 0;
  for (const value of data) {
    brightest = Math.max(brightest, value);
  }
  const least = brightest > 127 ? 128 : 1;
  for (let i = 0; i < data.length; i += 1) {
    if ((data[i] ?? 0) >= least) {
      mask[Math.floor(i / channels)] = 1;
    }
  }
  return { width, height, data: mask };
}
