import { type Mask, createMask } from './mask';

/**
 * COCO run-length encoding: `counts` are run lengths in column-major order, alternating zeros and ones and starting
 * with zeros (possibly 0 of them); `size` is [height, width].
 */
export type Rle = { size: [number, number]; counts: number[] };

/** Encodes a mask with uncompressed counts. */
export function encodeRle({ width, height, data }: Mask): Rle {
  const counts: number[] = [];
  let current = 0;
  let run = 0;
  for (let x = 0; x < width; x += 1) {
    for (let i = x; i < data.length; i += width) {
      if (data[i] !== current) {
        counts.push(run);
        run = 0;
        current = 1 - current;
      }
      run += 1;
    }
  }
  counts.push(run);
  return { size: [height, width], counts };
}

/**
 * Decodes uncompressed counts.
 * @throws RangeError when a count is no whole number or the counts do not add up to the size
 */
export function decodeRle({ size: [height, width], counts }: Rle): Mask {
  const mask = createMask(width, height);
  let position = 0;
  counts.forEach((count, index) => {
    const end = position + count;
    if (!Number.isInteger(count) || count < 0 || end > mask.data.length) {
      throw new RangeError(`RLE count ${index} (${count}) does not fit a mask of ${width} x ${height} px.`);
    }
    if (index % 2 === 1) {
      for (let i = position; i < end; i += 1) {
        mask.data[(i % height) * width + Math.floor(i / height)] = 1;
      }
    }
    position = end;
  });
  if (position !== mask.data.length) {
    throw new RangeError(`RLE counts add up to ${position}, not to ${width} x ${height} px.`);
  }
  return mask;
}

/** The number of pixels that an RLE sets. */
export function rleArea({ counts }: Pick<Rle, 'counts'>): number {
  return counts.reduce((area, count, index) => area + (index % 2 === 1 ? count : 0), 0);
}

/**
 * Each count is written as 5-bit groups from the lowest, a sixth bit meaning "more", offset by 48; from the fourth on
 * as the difference to the count two before.
 */
const FIRST_CHARACTER = 48;
const GROUP_BITS = 5;
const MORE = 0x20;
const SIGN = 0x10;

/** COCO's compressed string form of the counts, as pycocotools writes it. */
export function compressCounts(counts: readonly number[]): string {
  let text = '';
  counts.forEach((count, index) => {
    let value = index > 2 ? count - (counts[index - 2] ?? 0) : count;
    let more = true;
    while (more) {
      let group = value & 0x1f;
      value >>= GROUP_BITS;
      more = (group & SIGN) === 0 ? value !== 0 : value !== -1;
      if (more) {
        group |= MORE;
      }
      text += String.fromCharCode(group + FIRST_CHARACTER);
    }
  });
  return text;
}

/**
 * Reads COCO's compressed string form.
 * @throws RangeError for characters outside the code, a count that is cut off, or a negative count
 */
export function decompressCounts(text: string): number[] {
  const counts: number[] = [];
  let position = 0;
  while (position < text.length) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more) {
      const group = text.charCodeAt(position) - FIRST_CHARACTER;
      if (!(group >= 0 && group < 64) || shift > 30) {
        throw new RangeError(`Compressed RLE is damaged at character ${position}.`);
      }
      position += 1;
      value |= (group & 0x1f) << shift;
      shift += GROUP_BITS;
      more = (group & MORE) !== 0;
      if (!more && (group & SIGN) !== 0 && shift < 32) {
        value |= -1 << shift;
      }
    }
    const count = counts.length > 2 ? value + (counts.at(-2) ?? 0) : value;
    if (count < 0) {
      throw new RangeError(`Compressed RLE has a negative count before character ${position}.`);
    }
    counts.push(count);
  }
  return counts;
}
