import type { Part } from '../contract';
import { type Bbox, type Mask, createMask } from '@/lib/segmentation/mask';
import { polygonsToMask, type Polygon } from '@/lib/segmentation/polygon';
import { decodeRle, decompressCounts, encodeRle } from '@/lib/segmentation/rle';

/** Points or sizes are pixels of the image, or fractions of its width and height. */
type Unit = 'px' | 'fraction';

/** An instance as a label file states it, before the image's size is known. */
export type Shape =
  | { kind: 'box'; label: string; unit: Unit; bbox: Bbox }
  /** Rings [x0, y0, x1, y1, ...]; their union, each filled by the even-odd rule. */
  | { kind: 'polygon'; label: string; unit: Unit; rings: number[][] }
  /** `size` [height, width]; counts as a list, or in COCO's compressed form. */
  | { kind: 'rle'; label: string; size: [number, number]; counts: number[] | string }
  /** Row-major bytes, above 127 is set, e.g. of a brush. */
  | { kind: 'pixels'; label: string; width: number; height: number; data: Uint8Array };

type Size = { width: number; height: number };

/** Thrown for a shape that cannot be drawn on its image; the message says why. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

function toPolygon(ring: readonly number[], scaleX: number, scaleY: number): Polygon {
  if (ring.length < 6 || ring.length % 2 !== 0) {
    throw new ShapeError(`A polygon has ${ring.length} numbers; it needs at least three points.`);
  }
  return Array.from({ length: ring.length / 2 }, (_, i) => ({
    x: (ring[2 * i] ?? NaN) * scaleX,
    y: (ring[2 * i + 1] ?? NaN) * scaleY,
  }));
}

function boxMask([x, y, w, h]: Bbox, { width, height }: Size): Mask {
  const mask = createMask(width, height);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const [left, right] = [clamp(x, width), clamp(x + w, width)];
  for (let row = clamp(y, height); row < clamp(y + h, height); row += 1) {
    mask.data.fill(1, row * width + left, row * width + right);
  }
  return mask;
}

function requireSize(stated: Size, size: Size): void {
  if (stated.width !== size.width || stated.height !== size.height) {
    throw new ShapeError(
      `The mask has ${stated.width} x ${stated.height} px, the image ${size.width} x ${size.height} px.`,
    );
  }
}

/** @throws ShapeError, RangeError when the shape does not fit the image or is damaged */
export function drawShape(shape: Shape, size: Size): Mask {
  const { width, height } = size;
  switch (shape.kind) {
    case 'box':
      return boxMask(toPixels(shape.bbox, shape.unit, size), size);
    case 'polygon': {
      const [scaleX, scaleY] = shape.unit === 'px' ? [1, 1] : [width, height];
      const mask = createMask(width, height);
      for (const ring of shape.rings) {
        unite(mask, polygonsToMask([toPolygon(ring, scaleX, scaleY)], width, height));
      }
      return mask;
    }
    case 'rle': {
      requireSize({ width: shape.size[1], height: shape.size[0] }, size);
      const counts = typeof shape.counts === 'string' ? decompressCounts(shape.counts) : shape.counts;
      return decodeRle({ size: shape.size, counts });
    }
    case 'pixels': {
      requireSize(shape, size);
      const mask = createMask(width, height);
      mask.data.forEach((_, i) => {
        mask.data[i] = (shape.data[i] ?? 0) > 127 ? 1 : 0;
      });
      return mask;
    }
  }
}

function toPixels([x, y, w, h]: Bbox, unit: Unit, { width, height }: Size): Bbox {
  const box: Bbox = unit === 'px' ? [x, y, w, h] : [x * width, y * height, w * width, h * height];
  if (!box.every(Number.isFinite)) {
    throw new ShapeError('A box has a coordinate that is not a finite number.');
  }
  // A thousandth of a pixel: what percentages and fractions lose on the way is not a change.
  return box.map((value) => Math.round(value * 1000) / 1000) as Bbox;
}

/** Sets in `target` what is set in `other`. */
export function unite(target: Mask, other: Mask): void {
  other.data.forEach((value, i) => {
    if (value === 1) {
      target.data[i] = 1;
    }
  });
}

/** The smallest box around what is set, or undefined when nothing is. */
export function maskBox({ width, data }: Mask): Bbox | undefined {
  let [left, right, top, bottom] = [Infinity, -1, -1, -1];
  for (let i = data.indexOf(1); i !== -1; i = data.indexOf(1, i + 1)) {
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = top === -1 ? y : top;
    bottom = y;
  }
  return right < 0 ? undefined : [left, top, right - left + 1, bottom - top + 1];
}

export type DrawnAnnotation = { mask: Mask; parts: Part[]; problems: string[] };

/** Draws all shapes of an image: their union, and each as a part. Shapes that cannot be drawn, or that set no pixel, are told as problems. */
export function drawShapes(shapes: readonly Shape[], size: Size): DrawnAnnotation {
  const union = createMask(size.width, size.height);
  const parts: Part[] = [];
  const problems: string[] = [];
  for (const shape of shapes) {
    try {
      const mask = drawShape(shape, size);
      const box = maskBox(mask);
      if (box === undefined) {
        problems.push(`An annotation (${shape.label}) sets no pixel of the image; it is left out.`);
        continue;
      }
      unite(union, mask);
      parts.push(
        shape.kind === 'box'
          ? { label: shape.label, shape: 'box', bbox: toPixels(shape.bbox, shape.unit, size) }
          : { label: shape.label, shape: 'mask', bbox: box, counts: encodeRle(mask).counts },
      );
    } catch (error) {
      if (!(error instanceof ShapeError || error instanceof RangeError)) {
        throw error;
      }
      problems.push(`An annotation (${shape.label}) is left out: ${error.message}`);
    }
  }
  return { mask: union, parts, problems };
}
