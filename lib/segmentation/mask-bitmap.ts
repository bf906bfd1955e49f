import type { Rle } from '@/lib/contract';

/** A binary mask, row-major, 1 inside. */
export type Bitmap = { width: number; height: number; data: Uint8Array };

/**
 * Draws COCO run lengths (column-major, zeros first) as a bitmap no larger than `maxSide`. A smaller bitmap marks every
 * cell that the mask touches, so that a hair crack does not vanish.
 * @throws Error when the runs do not add up to the size.
 */
export function rasteriseRle({ size: [height, width], counts }: Rle, maxSide: number): Bitmap {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== width * height) {
    throw new Error(`Mask runs cover ${total} pixels; ${width} x ${height} need ${width * height}.`);
  }
  const scale = Math.min(1, maxSide / Math.max(width, height));
  const outWidth = Math.max(1, Math.round(width * scale));
  const outHeight = Math.max(1, Math.round(height * scale));
  const data = new Uint8Array(outWidth * outHeight);
  let at = 0;
  counts.forEach((count, run) => {
    if (run % 2 === 1) {
      fillRun(data, at, count, { width, height, outWidth, outHeight });
    }
    at += count;
  });
  return { width: outWidth, height: outHeight, data };
}

type Frame = { width: number; height: number; outWidth: number; outHeight: number };

function fillRun(data: Uint8Array, start: number, count: number, { width, height, outWidth, outHeight }: Frame): void {
  const end = start + count;
  for (let at = start; at < end;) {
    const x = Math.floor(at / height);
    const top = at - x * height;
    const bottom = Math.min(height, top + end - at);
    const column = Math.min(outWidth - 1, Math.floor((x * outWidth) / width));
    const first = Math.floor((top * outHeight) / height);
    const last = Math.min(outHeight - 1, Math.floor(((bottom - 1) * outHeight) / height));
    for (let row = first; row <= last; row += 1) {
      data[row * outWidth + column] = 1;
    }
    at += bottom - top;
  }
}

/** The union of several bitmaps of one size. */
export function uniteBitmaps(bitmaps: readonly Bitmap[]): Bitmap | null {
  const [first, ...rest] = bitmaps;
  if (!first) {
    return null;
  }
  const data = first.data.slice();
  for (const bitmap of rest) {
    bitmap.data.forEach((value, index) => {
      if (value && index < data.length) {
        data[index] = 1;
      }
    });
  }
  return { ...first, data };
}

/** RGBA pixels of a mask: a tinted fill and an opaque edge, so that it reads on any ground. */
export function paintMask(
  { width, height, data }: Bitmap,
  [red, green, blue]: readonly [number, number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      if (!data[at]) {
        continue;
      }
      const edge =
        x === 0 ||
        y === 0 ||
        x === width - 1 ||
        y === height - 1 ||
        !data[at - 1] ||
        !data[at + 1] ||
        !data[at - width] ||
        !data[at + width];
      pixels.set([red, green, blue, edge ? 255 : 150], at * 4);
    }
  }
  return pixels;
}
