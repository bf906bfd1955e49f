import { annotationLimits, type Part } from '../contract';
import { type Bbox, type Mask, createMask } from '@/lib/segmentation/mask';
import { decompressCounts } from '@/lib/segmentation/rle';
import { drawPath } from './draw-path';
import { type Fit, isIdentity, moveMask, movePoint, type Size } from './fit';
import { decodeBrush } from './label-studio-rle';
import { boxOf, decodeLocal, encodeLocal, type LocalMask, localMask, uniteLocal } from './local-mask';

/** Points or sizes are pixels of the image that was annotated, or fractions of its width and height. */
export type Unit = 'px' | 'fraction';

/** An instance as a label file states it, before the image's size is known. */
export type Shape =
  | { kind: 'box'; label: string; unit: Unit; bbox: Bbox }
  /** Rings [x0, y0, x1, y1, ...]; their union, each filled by the even-odd rule. */
  | { kind: 'polygon'; label: string; unit: Unit; rings: number[][] }
  /** A line [x0, y0, x1, y1, ...], one pixel wide. */
  | { kind: 'line'; label: string; unit: Unit; points: number[] }
  /** `size` [height, width]; counts as a list, or in COCO's compressed form. */
  | { kind: 'rle'; label: string; size: [number, number]; counts: number[] | string }
  /** Kaggle's run lengths of an image of any size: starts (from 1, down the columns) and lengths in turn. */
  | { kind: 'runs'; label: string; runs: number[] }
  /** Label Studio's run lengths of a brush over the whole image. */
  | { kind: 'brush'; label: string; width: number; height: number; rle: number[] }
  /**
   * A picture (base64, any format) of the whole image, or of a part whose top left corner lies at (x, y). It is decoded
   * to pixels before it is drawn.
   */
  | { kind: 'picture'; label: string; isWhole: boolean; x: number; y: number; base64: string }
  /** Row-major bytes, above 127 is set, of a part of the image, or (without x and y) of all of it. */
  | { kind: 'pixels'; label: string; x?: number; y?: number; width: number; height: number; data: Uint8Array };

/** Thrown for a shape that cannot be drawn on its image; the message says why. */
class ShapeError extends Error {
  override name = 'ShapeError';
}

/**
 * How many pixels all shapes of an image together may cover, as a multiple of the image: what is above is made to keep
 * the program busy.
 */
const MAX_COVER = 256;
const MIN_BUDGET = 64e6;

/** Pixels of the largest picture that masks are moved from. */
const MAX_SOURCE = 400e6;

function requireSize(stated: Size, { from }: Fit): void {
  if (from.width * from.height > MAX_SOURCE) {
    throw new ShapeError(`A mask of ${from.width} x ${from.height} px is too large to be read.`);
  }
  if (stated.width !== from.width || stated.height !== from.height) {
    throw new ShapeError(
      `The mask has ${stated.width} x ${stated.height} px, the image ${from.width} x ${from.height} px.`,
    );
  }
}

/** Points in px of the shown image. */
function toPoints(numbers: readonly number[], unit: Unit, fit: Fit): number[] {
  const [scaleX, scaleY] = unit === 'px' ? [1, 1] : [fit.from.width, fit.from.height];
  const points: number[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const [x, y] = movePoint(fit, (numbers[i] ?? NaN) * scaleX, (numbers[i + 1] ?? NaN) * scaleY);
    points.push(x, y);
  }
  if (!points.every(Number.isFinite)) {
    throw new ShapeError('A coordinate is not a finite number.');
  }
  return points;
}

/**
 * [x, y, width, height] in px of the shown image, cut to it; a thousandth of a pixel is what fractions lose on the way.
 */
function toBox([x, y, w, h]: Bbox, unit: Unit, fit: Fit): Bbox {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = toPoints([x, y, x + w, y + h], unit, fit);
  const round = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value * 1000) / 1000));
  const [left, right] = [round(Math.min(x0, x1), fit.to.width), round(Math.max(x0, x1), fit.to.width)];
  const [top, bottom] = [round(Math.min(y0, y1), fit.to.height), round(Math.max(y0, y1), fit.to.height)];
  const thousandth = (value: number) => Math.round(value * 1000) / 1000;
  return [left, top, thousandth(right - left), thousandth(bottom - top)];
}

/** The pixels of a box, at least one in each direction in which it has an extent on the image. */
function drawBox([x, y, w, h]: Bbox, size: Size): LocalMask | undefined {
  const span = (from: number, length: number, most: number): [number, number] => {
    const [first, end] = [Math.round(from), Math.round(from + length)];
    const only = Math.min(most - 1, Math.floor(from + length / 2));
    return end > first || length <= 0 ? [first, end] : [only, only + 1];
  };
  const [left, right] = span(x, w, size.width);
  const [top, bottom] = span(y, h, size.height);
  const mask = localMask([left, top, right, bottom], size);
  mask?.data.fill(1);
  return mask;
}

/** The pixels of a shape on the shown image; undefined when it sets none. */
function drawShape(shape: Shape, fit: Fit): LocalMask | undefined {
  switch (shape.kind) {
    case 'box':
      return drawBox(toBox(shape.bbox, shape.unit, fit), fit.to);
    case 'polygon':
      return drawPath(
        shape.rings.map((ring) => toRing(ring, shape.unit, fit)),
        fit.to,
        'fill',
      );
    case 'line':
      return drawPath([toPoints(shape.points, shape.unit, fit)], fit.to, 'stroke');
    case 'rle': {
      const [height, width] = shape.size;
      requireSize({ width, height }, fit);
      const counts = typeof shape.counts === 'string' ? decompressCounts(shape.counts) : shape.counts;
      return moveLocal(decodeLocal(counts, { width, height }), fit);
    }
    case 'runs':
      return moveLocal(decodeLocal(countsOfRuns(shape.runs, fit.from), fit.from), fit);
    case 'brush':
      requireSize(shape, fit);
      return moveLocal(fromBytes(decodeBrush(shape.rle, shape.width * shape.height), shape), fit);
    case 'picture':
      throw new ShapeError('The picture of the mask was not decoded.');
    case 'pixels':
      if (shape.x === undefined) {
        requireSize(shape, fit);
      }
      return moveLocal(fromBytes(shape.data, shape), fit);
  }
}

/**
 * Starts and lengths as counts of unset and set pixels in turn. @throws ShapeError for runs that overlap or do not fit
 * the image
 */
function countsOfRuns(runs: readonly number[], { width, height }: Size): number[] {
  if (width * height > MAX_SOURCE) {
    throw new ShapeError(`A mask of ${width} x ${height} px is too large to be read.`);
  }
  const counts: number[] = [];
  let end = 0;
  for (let at = 0; at + 1 < runs.length; at += 2) {
    const [start, length] = [(runs[at] ?? 0) - 1, runs[at + 1] ?? 0];
    if (start < end || start + length > width * height) {
      throw new ShapeError(`Run ${at / 2 + 1} of its run lengths does not fit an image of ${width} x ${height} px.`);
    }
    counts.push(start - end, length);
    end = start + length;
  }
  return [...counts, width * height - end];
}

function toRing(ring: readonly number[], unit: Unit, fit: Fit): number[] {
  if (ring.length < 6) {
    throw new ShapeError(`An outline has ${ring.length} numbers; it needs at least three points.`);
  }
  return toPoints(ring, unit, fit);
}

function fromBytes(
  bytes: Uint8Array,
  { x = 0, y = 0, width, height }: { x?: number; y?: number; width: number; height: number },
): LocalMask {
  return { x, y, width, height, data: bytes.map((value) => (value > 127 ? 1 : 0)) };
}

/** Puts pixels of the annotated picture onto the shown image; what lies beside it is cut off. */
function moveLocal(mask: LocalMask | undefined, fit: Fit): LocalMask | undefined {
  if (mask === undefined) {
    return undefined;
  }
  const { from, to } = fit;
  const isInside =
    mask.x >= 0 && mask.y >= 0 && mask.x + mask.width <= from.width && mask.y + mask.height <= from.height;
  if (isIdentity(fit) && isInside) {
    return mask;
  }
  const whole = new Uint8Array(from.width * from.height);
  for (let row = 0; row < mask.height; row += 1) {
    for (let column = 0; column < mask.width; column += 1) {
      const [x, y] = [mask.x + column, mask.y + row];
      if (mask.data[row * mask.width + column] === 1 && x >= 0 && y >= 0 && x < from.width && y < from.height) {
        whole[y * from.width + x] = 1;
      }
    }
  }
  return { x: 0, y: 0, ...to, data: moveMask(whole, fit) };
}

/** How far shapes reach to the right and down, in px; undefined when none states pixels. */
export function extentOf(shapes: readonly Shape[]): Size | undefined {
  let [width, height] = [-1, -1];
  const reach = (x: number, y: number) => {
    width = Math.max(width, x);
    height = Math.max(height, y);
  };
  for (const shape of shapes) {
    if (shape.kind === 'box' && shape.unit === 'px') {
      const [x, y, w, h] = shape.bbox;
      reach(Math.max(x, x + w), Math.max(y, y + h));
    } else if ((shape.kind === 'polygon' || shape.kind === 'line') && shape.unit === 'px') {
      for (const points of shape.kind === 'polygon' ? shape.rings : [shape.points]) {
        points.forEach((value, i) => (i % 2 === 0 ? reach(value, -1) : reach(-1, value)));
      }
    }
  }
  return width < 0 || height < 0 ? undefined : { width, height };
}

/** The size in px of the picture that run lengths of a whole image were made on; null when there are none. */
export function sizeOfMasks(shapes: readonly Shape[]): Size | null {
  for (const shape of shapes) {
    if (shape.kind === 'rle') {
      return { width: shape.size[1], height: shape.size[0] };
    }
    if (shape.kind === 'brush' || (shape.kind === 'pixels' && shape.x === undefined)) {
      return { width: shape.width, height: shape.height };
    }
  }
  return null;
}

/** Sets in `target` what is set in `other`, of the same size. */
export function unite(target: Mask, other: Mask): void {
  uniteLocal(target, { x: 0, y: 0, ...other });
}

/** The smallest box around what is set, or undefined when nothing is. */
export function maskBox(mask: Mask): Bbox | undefined {
  return boxOf({ x: 0, y: 0, ...mask });
}

export type DrawnAnnotation = { mask: Mask; parts: Part[]; problems: string[] };

/**
 * Draws all shapes of an image: their union, and each as a part. Shapes that cannot be drawn, or that set no pixel, are
 * reported as problems.
 */
export function drawShapes(
  shapes: readonly Shape[],
  size: Size,
  fit: Fit = { from: size, to: size, turn: 1, note: null },
): DrawnAnnotation {
  const union = createMask(size.width, size.height);
  const parts: Part[] = [];
  const problems: string[] = [];
  let budget = Math.max(MIN_BUDGET, MAX_COVER * union.data.length);
  for (const [index, shape] of shapes.entries()) {
    if (budget < 0) {
      problems.push(`${shapes.length - index} annotations are left out: all together cover the image too often.`);
      break;
    }
    try {
      const mask = drawShape(shape, fit);
      const box = mask === undefined ? undefined : boxOf(mask);
      if (mask === undefined || box === undefined) {
        problems.push(`An annotation (${shape.label}) sets no pixel of the image; it is left out.`);
        continue;
      }
      budget -= mask.data.length;
      uniteLocal(union, mask);
      parts.push(
        shape.kind === 'box'
          ? { label: shape.label, shape: 'box', bbox: toBox(shape.bbox, shape.unit, fit) }
          : { label: shape.label, shape: 'mask', bbox: box, counts: encodeLocal(mask, size) },
      );
    } catch (error) {
      if (!(error instanceof ShapeError || error instanceof RangeError)) {
        throw error;
      }
      problems.push(`An annotation (${shape.label}) is left out: ${error.message}`);
    }
  }
  if (parts.length > annotationLimits.parts) {
    problems.push(`The image has ${parts.length} annotations, more than ${annotationLimits.parts}: they become one.`);
    parts.length = 0;
  }
  return { mask: union, parts, problems };
}
