import type { Bbox } from '@/lib/segmentation/mask';

/** A box [x, y, width, height] in pixels clipped to the image; undefined when nothing of it is left. */
export function clipBox([x, y, w, h]: Bbox, image: { width: number; height: number }): Bbox | undefined {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(image.width, x + w), Math.min(image.height, y + h)];
  if (!(right > left && bottom > top)) {
    return undefined;
  }
  // Untouched boxes keep their numbers to the last digit.
  const isInside = left === x && top === y && right === x + w && bottom === y + h;
  return isInside ? [x, y, w, h] : [left, top, tidy(right - left), tidy(bottom - top)];
}

/** Differences of decimal fractions without the digits that binary ones add. */
const tidy = (value: number): number => Number(value.toFixed(6));
