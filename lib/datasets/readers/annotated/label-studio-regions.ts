import { z } from 'zod';
import type { Size } from '../../annotations/fit';
import type { Shape } from '../../annotations/shapes';
import { annotationLimits } from '../../contract';
import { toNumber, toNumbers, toSize } from '../numbers';
import { ellipseRing, rotatedBoxRing } from './outlines';
import { toRecord, toText } from './label-files';

/**
 * One entry of an annotation's `result`, or of a control's list in JSON-MIN. Results with the same id are one region:
 * `rectangle` and the `labels` that it got.
 */
export const resultSchema = z.looseObject({
  id: z.string().optional(),
  type: z.string(),
  from_name: z.string().default(''),
  value: z.record(z.string(), z.unknown()),
});
export type Result = z.infer<typeof resultSchema>;

/** What a region marks; only its class where it has no area; or why it cannot be read. */
export type Region = { shape: Shape } | { className: string } | { unreadable: string };

type Value = Result['value'];

/** The name that a region's own control gave it. */
export function regionLabel(value: Value, type: string): string {
  const labels = value[type] ?? Object.entries(value).find(([key]) => /labels$/i.test(key))?.[1];
  const first: unknown = Array.isArray(labels) ? labels[0] : labels;
  return toText(first)?.slice(0, annotationLimits.typeLength) ?? 'anomaly';
}

/** Size of the picture that a result was made on. */
export function resultSize(result: Result): Size | undefined {
  return toSize(result['original_width'], result['original_height']);
}

/** Where a percentage may reach beyond the image; more is a number of pixels. */
const MOST_PERCENT = 110;

/**
 * The region of a result. Coordinates are percent of the image; what is far above 100 and fits into the image's pixels
 * is taken as pixels, as some converters write them.
 */
export function readRegion({ type, value, ...result }: Result, label: string): Region {
  const size = toSize(result['original_width'], result['original_height']);
  const read = (...keys: string[]) => toNumbers(keys.map((key) => value[key] ?? 0));
  const unit = unitOf(value, size);
  switch (type.replace(/labels?$/i, '').toLowerCase()) {
    case 'rectangle': {
      const numbers = ['x', 'y', 'width', 'height'].every((key) => value[key] !== undefined)
        ? read('x', 'y', 'width', 'height', 'rotation')
        : undefined;
      if (numbers === undefined) {
        return { unreadable: 'the rectangle lacks x, y, width or height' };
      }
      const [x = 0, y = 0, width = 0, height = 0, rotation = 0] = numbers;
      if (rotation === 0) {
        return { shape: unit.box(label, x, y, width, height) };
      }
      return { shape: unit.ring(label, rotatedBoxRing({ x, y, width, height }, rotation, unit.aspect)) };
    }
    case 'polygon':
    case 'vector': {
      const points = pointsOf(value['points'] ?? value['vertices']);
      return points === undefined || points.length < 6
        ? { unreadable: 'the outline has no three points' }
        : { shape: unit.ring(label, points) };
    }
    case 'ellipse': {
      const numbers = read('x', 'y', 'radiusX', 'radiusY', 'rotation');
      const [x = 0, y = 0, radiusX = 0, radiusY = 0, rotation = 0] = numbers ?? [];
      return radiusX > 0 && radiusY > 0
        ? { shape: unit.ring(label, ellipseRing({ x, y, radiusX, radiusY }, rotation, unit.aspect)) }
        : { unreadable: 'the ellipse lacks its radii' };
    }
    case 'brush': {
      const rle = bytesOf(value['rle']);
      return rle === undefined || size === undefined
        ? { unreadable: 'a brush needs rle, original_width and original_height' }
        : { shape: { kind: 'brush', label, ...size, rle } };
    }
    case 'bitmask': {
      const base64 = /^data:image\/[\w+.-]+;base64,(.+)$/s.exec(toText(value['imageDataURL'], 64e6) ?? '')?.[1];
      return base64 === undefined
        ? { unreadable: 'the bit mask has no picture' }
        : { shape: { kind: 'picture', label, isWhole: true, x: 0, y: 0, base64 } };
    }
    case 'keypoint':
    case '':
      return { className: label };
    default:
      return { unreadable: `regions of the kind "${type.slice(0, 40)}" are not read` };
  }
}

function unitOf(value: Value, size: Size | undefined) {
  const reach = ['x', 'y'].map((key, i) => {
    const most = (pointsOf(value['points']) ?? [])
      .filter((_, index) => index % 2 === i)
      .reduce((a, b) => Math.max(a, b), 0);
    return Math.max(most, (toNumber(value[key]) ?? 0) + (toNumber(value[i === 0 ? 'width' : 'height']) ?? 0));
  });
  const [right = 0, bottom = 0] = reach;
  const isPixels =
    size !== undefined && Math.max(right, bottom) > MOST_PERCENT && right <= size.width && bottom <= size.height;
  const factor = isPixels ? 1 : 0.01;
  const unit = isPixels ? ('px' as const) : ('fraction' as const);
  return {
    /** Length of one unit to the right by that of one unit down. */
    aspect: isPixels || size === undefined ? 1 : size.width / size.height,
    box: (label: string, x: number, y: number, w: number, h: number): Shape => ({
      kind: 'box',
      label,
      unit,
      bbox: isPixels ? [x, y, w, h] : [x / 100, y / 100, w / 100, h / 100],
    }),
    ring: (label: string, points: readonly number[]): Shape => ({
      kind: 'polygon',
      label,
      unit,
      rings: [points.map((number) => (isPixels ? number : number * factor))],
    }),
  };
}

function pointsOf(value: unknown): number[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const flat = (value as unknown[]).flatMap((point): unknown[] => {
    const record = toRecord(point);
    return record === undefined
      ? Array.isArray(point) && point.length === 2
        ? point
        : [NaN]
      : [record['x'], record['y']];
  });
  return toNumbers(flat);
}

function bytesOf(value: unknown): number[] | undefined {
  const list = Array.isArray(value) ? (value as unknown[]) : undefined;
  const isBytes = list?.every((byte) => typeof byte === 'number' && Number.isInteger(byte) && byte >= 0 && byte < 256);
  return isBytes === true ? (list as number[]) : undefined;
}
