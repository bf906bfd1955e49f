import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { bmpToPng, looksLikeBmp } from '@/lib/datasets/readers/bmp';
import { type DatasetItem } from '@/lib/datasets/readers/types';
import { EngineError, messageOf } from '@/lib/engine/errors';
import { createMask, type Mask, scaleMask } from '@/lib/segmentation/mask';
import {
  type DecodedImage,
  decodeImage,
  MAX_IMAGE_BYTES,
  MAX_IMAGE_PIXELS,
  readImageHeader,
} from '@/lib/vision/decode';
import { type EvaluationProblem } from './problems';

/** A mask on the evaluation grid, or why there is none; undefined for an anomalous image that is not annotated. */
export type LoadedMask = { mask: Mask } | { problem: EvaluationProblem } | undefined;

/**
 * Reads and decodes a data set's image.
 *
 * @throws EngineError `unreadable_image` and the like for what is no readable image
 */
export async function loadImage(path: string): Promise<DecodedImage> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path);
  } catch (error) {
    throw new EngineError('unreadable_image', messageOf(error));
  }
  return decodeImage(bytes);
}

/**
 * The ground truth of an anomalous item on a square grid: the union of its masks.
 *
 * Masks use 0 for normal; anomalous is 255, a small class number (VisA), or anything bright after lossy compression. So a mask
 * whose brightest value is above 127 counts from 128, any other from 1.
 *
 * @param item anomalous; its image gives the size that its masks must have
 * @param side of the grid; each cell takes the mask's value under its centre
 */
export async function loadMask(item: DatasetItem, side: number): Promise<LoadedMask> {
  if (item.masks.length === 0) {
    return undefined;
  }
  const size = await readImageHeader(await readBounded(item.path));
  const union = createMask(size.width, size.height);
  for (const path of item.masks) {
    const mask = await decodeMask(path).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    if (mask instanceof Error) {
      return {
        problem: { code: 'unreadable_mask', where: item.id, message: `The mask cannot be read: ${mask.message}` },
      };
    }
    if (mask.width !== size.width || mask.height !== size.height) {
      const sizes = `${mask.width} x ${mask.height} px, the image ${size.width} x ${size.height} px`;
      return { problem: { code: 'mask_size', where: item.id, message: `The mask has ${sizes}; image metrics only.` } };
    }
    mask.data.forEach((value, pixel) => {
      union.data[pixel] = (union.data[pixel] as number) | value;
    });
  }
  if (!union.data.includes(1)) {
    return {
      problem: {
        code: 'empty_mask',
        where: item.id,
        message: 'The mask of the anomalous image is empty; image metrics only.',
      },
    };
  }
  return { mask: scaleMask(union, side, side) };
}

async function decodeMask(path: string): Promise<Mask> {
  const { data, info } = await sharp(await readBounded(path), { limitInputPixels: MAX_IMAGE_PIXELS, failOn: 'error' })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const mask = createMask(width, height);
  const brightest = data.reduce((most, value) => Math.max(most, value), 0);
  const least = brightest > 127 ? 128 : 1;
  for (let pixel = 0; pixel < mask.data.length; pixel += 1) {
    const values = data.subarray(pixel * channels, (pixel + 1) * channels);
    mask.data[pixel] = values.some((value) => value >= least) ? 1 : 0;
  }
  return mask;
}

/** A file's bytes, a bitmap as PNG. */
async function readBounded(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > MAX_IMAGE_BYTES) {
    throw new RangeError(`The file has ${size} bytes, more than ${MAX_IMAGE_BYTES}.`);
  }
  const bytes = await readFile(path);
  return looksLikeBmp(bytes) ? bmpToPng(bytes) : bytes;
}
