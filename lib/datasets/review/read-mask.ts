import { newId } from '@/lib/contract';
import type { CompressedMask } from '@/lib/datasets/contract';
import type { NewReviewMask } from '@/lib/database/reviews/item';
import { AppError } from '@/lib/http/app-error';
import { findComponents } from '@/lib/segmentation/components';
import type { Bbox } from '@/lib/segmentation/mask';
import { type Rle, decodeRle, decompressCounts, encodeRle, rleArea } from '@/lib/segmentation/rle';

/** The smallest box around all regions; [0, 0, 0, 0] of an empty mask. */
function boxOf(rle: Rle): Bbox {
  let [left, top, right, bottom] = [Infinity, Infinity, 0, 0];
  // A loop, since a mask of dots has more regions than a function takes arguments.
  for (const { bbox } of findComponents(decodeRle(rle))) {
    const [x, y, width, height] = bbox;
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + width), Math.max(bottom, y + height)];
  }
  return right === 0 ? [0, 0, 0, 0] : [left, top, right - left, bottom - top];
}

/**
 * Reads a mask that a client sent, in its one canonical form (no runs of nothing but a leading 0).
 * @returns null for a mask without a pixel
 * @throws AppError invalid_request when it does not fit the image, or its runs are damaged
 */
export function readMask({ size, counts }: CompressedMask, image: { width: number; height: number }): Rle | null {
  if (size[0] !== image.height || size[1] !== image.width) {
    throw new AppError(
      'invalid_request',
      `The mask has ${size[1]} x ${size[0]} px, its image ${image.width} x ${image.height} px: send a mask of the image's size`,
    );
  }
  try {
    const rle = encodeRle(decodeRle({ size, counts: decompressCounts(counts) }));
    return rleArea(rle) === 0 ? null : rle;
  } catch (error) {
    if (error instanceof RangeError) {
      throw new AppError('invalid_request', `The mask cannot be read: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Whether two masks mark the same pixels. */
export function sameMask(first: Rle | null, second: Rle | null): boolean {
  const area = (rle: Rle | null) => (rle === null ? 0 : rleArea(rle));
  if (area(first) === 0 || area(second) === 0) {
    return area(first) === area(second);
  }
  return JSON.stringify(first?.counts) === JSON.stringify(second?.counts);
}

/** A mask row for a drawn mask. */
export function toMaskRow(rle: Rle, label: string, supersedesId: string | null): NewReviewMask {
  const [height, width] = rle.size;
  return {
    id: newId(),
    rle,
    bbox: boxOf(rle),
    areaFraction: rleArea(rle) / (width * height),
    label,
    supersedesId,
  };
}
