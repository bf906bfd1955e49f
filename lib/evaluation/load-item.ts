import { readImageBytes, readMaskPicture } from '@/lib/vision/mask-picture';
import { fitSizes, moveMask, toOrientation } from '@/lib/datasets/annotations/fit';
import { type DatasetItem } from '@/lib/datasets/readers/types';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { createMask, type Mask } from '@/lib/segmentation/mask';
import { resizeMask } from '@/lib/segmentation/reduce-mask';
import { type DecodedImage, decodeImage, readImageHeader, readOrientation } from '@/lib/vision/decode';
import type { ValueWindow } from '@/lib/vision/value-range';
import { type EvaluationProblem } from './problems';

/** A mask on the evaluation grid, or why there is none; undefined for an anomalous image that is not annotated. */
export type LoadedMask = { mask: Mask } | { problem: EvaluationProblem } | undefined;

/**
 * Reads and decodes a data set's image.
 *
 * @param window values of a deep image that are black and white; absent: they are found
 * @throws EngineError `unreadable_image` and the like for what is no readable image
 */
export async function loadImage(path: string, window?: ValueWindow): Promise<DecodedImage> {
  let bytes: Uint8Array;
  try {
    bytes = await readImageBytes(path);
  } catch (error) {
    throw new EngineError('unreadable_image', messageOf(error));
  }
  return decodeImage(bytes, { window });
}

/**
 * The ground truth of an anomalous item on a square grid: the union of its masks.
 *
 * @param item anomalous; its masks are turned and scaled as its image is
 * @param side of the grid; no region of the mask is lost on it (`reduceMask`)
 */
export async function loadMask(item: DatasetItem, side: number): Promise<LoadedMask> {
  if (item.masks.length === 0) {
    return undefined;
  }
  const bytes = await readImageBytes(item.path);
  const size = await readImageHeader(bytes);
  const orientation = toOrientation(await readOrientation(bytes));
  const union = createMask(size.width, size.height);
  for (const path of item.masks) {
    const mask = await readMaskPicture(path).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    if (mask instanceof Error) {
      return {
        problem: { code: 'unreadable_mask', where: item.id, message: `The mask cannot be read: ${mask.message}` },
      };
    }
    const fit = fitSizes(mask, size, orientation);
    if ('misfit' in fit) {
      const sizes = `${mask.width} x ${mask.height} px, the image ${size.width} x ${size.height} px`;
      return { problem: { code: 'mask_size', where: item.id, message: `The mask has ${sizes}; image metrics only.` } };
    }
    moveMask(mask.data, fit).forEach((value, pixel) => {
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
  return { mask: resizeMask(union, side, side) };
}
