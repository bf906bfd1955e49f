import { type Mask, createMask } from './mask';

/** Half-widths of a disc of the given radius, for rows -radius..radius. */
function discHalfWidths(radius: number): number[] {
  const limit = (radius + 0.5) ** 2;
  return Array.from({ length: 2 * radius + 1 }, (_, i) => Math.floor(Math.sqrt(limit - (i - radius) ** 2)));
}

/**
 * Grows the set pixels by a disc; with `value` 0 the same for the unset ones, pixels outside the image not counting.
 */
function spread(mask: Mask, radius: number, value: 0 | 1): Mask {
  if (!Number.isInteger(radius) || radius < 0) {
    throw new RangeError(`The radius must be a whole number of pixels, not ${radius}.`);
  }
  const { width, height, data } = mask;
  const out: Mask = { width, height, data: data.slice() };
  const halfWidths = discHalfWidths(radius);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (data[y * width + x] !== value || !isEdge(mask, x, y, value)) {
        continue;
      }
      halfWidths.forEach((half, i) => {
        const row = y + i - radius;
        if (row >= 0 && row < height) {
          const from = Math.max(0, x - half);
          const to = Math.min(width, x + half + 1);
          out.data.fill(value, row * width + from, row * width + to);
        }
      });
    }
  }
  return out;
}

/** True when one of the four neighbours inside the image has the other value: only such pixels can spread. */
function isEdge({ width, height, data }: Mask, x: number, y: number, value: number): boolean {
  const i = y * width + x;
  return (
    (x > 0 && data[i - 1] !== value) ||
    (x + 1 < width && data[i + 1] !== value) ||
    (y > 0 && data[i - width] !== value) ||
    (y + 1 < height && data[i + width] !== value)
  );
}

/** Dilation by a disc of `radius` pixels. */
export function grow(mask: Mask, radius: number): Mask {
  return spread(mask, radius, 1);
}

/** Erosion by a disc of `radius` pixels; the image's border does not eat into the mask. */
export function shrink(mask: Mask, radius: number): Mask {
  return spread(mask, radius, 0);
}

/** Removes what is thinner than the disc. */
export function open(mask: Mask, radius: number): Mask {
  return grow(shrink(mask, radius), radius);
}

/** Closes gaps and holes narrower than the disc. */
export function close(mask: Mask, radius: number): Mask {
  return shrink(grow(mask, radius), radius);
}

/** Pixels set in the first, the second, or both, as `combine` says. */
function combineMasks(a: Mask, b: Mask, combine: (x: number, y: number) => number): Mask {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`Masks of ${a.width} x ${a.height} and ${b.width} x ${b.height} px cannot be combined.`);
  }
  const out = createMask(a.width, a.height);
  out.data.forEach((_, i) => {
    out.data[i] = combine(a.data[i] ?? 0, b.data[i] ?? 0);
  });
  return out;
}

export const union = (a: Mask, b: Mask) => combineMasks(a, b, (x, y) => x | y);
export const intersect = (a: Mask, b: Mask) => combineMasks(a, b, (x, y) => x & y);
export const subtract = (a: Mask, b: Mask) => combineMasks(a, b, (x, y) => x & (1 - y));
