import { flood } from './flood';
import { type Mask, createMask } from './mask';

/** A map over an image, maybe coarser than it: row-major values of any scale. */
export type Field = { width: number; height: number; values: ArrayLike<number> };

/** Reads a field bilinearly at the pixel centres of an image of `width` x `height`. */
export function sampler(field: Field, width: number, height: number): (x: number, y: number) => number {
  const axis = (length: number, cells: number) => {
    const first = new Int32Array(length);
    const weight = new Float32Array(length);
    for (let i = 0; i < length; i += 1) {
      const position = Math.min(cells - 1, Math.max(0, ((i + 0.5) * cells) / length - 0.5));
      first[i] = Math.floor(position);
      weight[i] = position - Math.floor(position);
    }
    return { first, weight };
  };
  const across = axis(width, field.width);
  const down = axis(height, field.height);
  return (x, y) => {
    const column = across.first[x] ?? 0;
    const row = down.first[y] ?? 0;
    const beside = Math.min(field.width - 1, column + 1) - column;
    const below = (Math.min(field.height - 1, row + 1) - row) * field.width;
    const at = row * field.width + column;
    const blend = (start: number) => {
      const value = field.values[start] ?? 0;
      return value + ((field.values[start + beside] ?? 0) - value) * (across.weight[x] ?? 0);
    };
    const upper = blend(at);
    return upper + (blend(at + below) - upper) * (down.weight[y] ?? 0);
  };
}

/**
 * The magic wand on an anomaly map: the connected surrounding of a pixel that is as anomalous as it, less `tolerance`.
 * Hotter pixels always belong, so that a click on the rim of a defect takes its core too.
 * @param tolerance in the field's units
 * @returns a mask of `width` x `height`; empty when the point lies outside
 */
export function magicWand(
  field: Field,
  { width, height }: { width: number; height: number },
  point: { x: number; y: number },
  tolerance: number,
): Mask {
  const { x, y } = point;
  if (x < 0 || y < 0 || x >= width || y >= height) {
    return createMask(width, height);
  }
  const sample = sampler(field, width, height);
  const least = sample(x, y) - tolerance;
  return flood(width, height, [y * width + x], (index) => sample(index % width, Math.floor(index / width)) >= least);
}
