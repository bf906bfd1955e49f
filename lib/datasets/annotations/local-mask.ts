import { type Bbox, type Mask } from '@/lib/segmentation/mask';
import type { Size } from './fit';

/**
 * Some pixels of an image: a mask of the box that holds them, so that the work on a shape grows with the shape and not
 * with its image.
 */
export type LocalMask = { x: number; y: number; width: number; height: number; data: Uint8Array };

/**
 * An empty mask of the part of a box [left, top, right, bottom] (px, any numbers) that lies on the image; undefined
 * when none does.
 */
export function localMask([left, top, right, bottom]: Bbox, size: Size): LocalMask | undefined {
  const [x, y] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
  const [width, height] = [Math.min(size.width, Math.ceil(right)) - x, Math.min(size.height, Math.ceil(bottom)) - y];
  return width > 0 && height > 0 ? { x, y, width, height, data: new Uint8Array(width * height) } : undefined;
}

/** The smallest box [x, y, width, height] around what is set, or undefined when nothing is. */
export function boxOf({ x, y, width, height, data }: LocalMask): Bbox | undefined {
  let [left, right, top, bottom] = [width, -1, -1, -1];
  for (let row = 0; row < height; row += 1) {
    const line = data.subarray(row * width, (row + 1) * width);
    const first = line.indexOf(1);
    if (first !== -1) {
      left = Math.min(left, first);
      right = Math.max(right, line.lastIndexOf(1));
      top = top === -1 ? row : top;
      bottom = row;
    }
  }
  return right < 0 ? undefined : [x + left, y + top, right - left + 1, bottom - top + 1];
}

/** Sets in an image's mask what is set in a part of it. */
export function uniteLocal(target: Mask, { x, y, width, height, data }: LocalMask): void {
  for (let row = 0; row < height; row += 1) {
    const to = (y + row) * target.width + x;
    const line = data.subarray(row * width, (row + 1) * width);
    for (let i = line.indexOf(1); i !== -1; i = line.indexOf(1, i + 1)) {
      target.data[to + i] = 1;
    }
  }
}

/** COCO's run lengths (column-major, unset first) of an image of the given size of which only this part is set. */
export function encodeLocal({ x, y, width, height, data }: LocalMask, size: Size): number[] {
  const counts: number[] = [];
  // First and last position, column-major, of the run at hand.
  let [start, end, last] = [-1, -1, 0];
  const flush = () => {
    if (start !== -1) {
      counts.push(start - last, end - start);
      last = end;
    }
  };
  for (let column = 0; column < width; column += 1) {
    const base = (x + column) * size.height + y;
    for (let row = 0; row < height; row += 1) {
      if (data[row * width + column] === 1) {
        const position = base + row;
        if (position !== end) {
          flush();
          start = position;
        }
        end = position + 1;
      }
    }
  }
  flush();
  const total = size.width * size.height;
  if (last < total || counts.length === 0) {
    counts.push(total - last);
  }
  return counts;
}

/**
 * Decodes run lengths to the part of the image that they set.
 * @returns undefined when they set nothing
 * @throws RangeError when a count is no whole number or they do not add up to the size
 */
export function decodeLocal(counts: readonly number[], size: Size): LocalMask | undefined {
  const total = size.width * size.height;
  let [left, right, top, bottom] = [size.width, -1, size.height, -1];
  let position = 0;
  for (const [index, count] of counts.entries()) {
    if (!Number.isInteger(count) || count < 0 || position + count > total) {
      throw new RangeError(`Run length ${index} (${count}) does not fit a mask of ${size.width} x ${size.height} px.`);
    }
    if (index % 2 === 1 && count > 0) {
      const [first, end] = [Math.floor(position / size.height), Math.floor((position + count - 1) / size.height)];
      left = Math.min(left, first);
      right = Math.max(right, end);
      const isTall = end > first;
      top = isTall ? 0 : Math.min(top, position % size.height);
      bottom = isTall ? size.height - 1 : Math.max(bottom, (position + count - 1) % size.height);
    }
    position += count;
  }
  if (position !== total) {
    throw new RangeError(`The run lengths add up to ${position}, not to ${size.width} x ${size.height} px.`);
  }
  const mask = right < 0 ? undefined : localMask([left, top, right + 1, bottom + 1], size);
  if (mask !== undefined) {
    fillRuns(mask, counts, size.height);
  }
  return mask;
}

function fillRuns(mask: LocalMask, counts: readonly number[], height: number): void {
  let position = 0;
  for (const [index, count] of counts.entries()) {
    if (index % 2 === 1) {
      for (let i = position; i < position + count; i += 1) {
        mask.data[((i % height) - mask.y) * mask.width + Math.floor(i / height) - mask.x] = 1;
      }
    }
    position += count;
  }
}
