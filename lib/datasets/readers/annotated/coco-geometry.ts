import type { Bbox } from '@/lib/segmentation/mask';
import { decompressCounts } from '@/lib/segmentation/rle';
import type { Shape } from '../../annotations/shapes';
import { toNumber, toNumbers } from '../numbers';
import { toList, toRecord } from './label-files';

/** A region; none (`undefined`) where the annotation states none; or why what it states cannot be read. */
export type Geometry = Shape | undefined | { unreadable: string };

const isStated = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && (toList(value)?.length ?? 1) > 0;

/**
 * What COCO's `segmentation` and `bbox` mark: rings, a single ring, points as pairs or objects, run lengths in either form; else the box.
 * @param isBox our own exports mark boxes, which have their corners as polygon
 */
export function cocoGeometry(
  { segmentation, bbox, isBox }: { segmentation: unknown; bbox: unknown; isBox: boolean },
  label: string,
): Geometry {
  const box = toBox(bbox);
  if (isBox && box !== undefined) {
    return { kind: 'box', label, unit: 'px', bbox: box };
  }
  const drawn = isStated(segmentation) ? toRegion(segmentation, label) : undefined;
  if (drawn !== undefined && !('unreadable' in drawn)) {
    return drawn;
  }
  if (box !== undefined) {
    return { kind: 'box', label, unit: 'px', bbox: box };
  }
  return drawn ?? (isStated(bbox) ? { unreadable: 'its bbox is not four numbers' } : undefined);
}

/** [x, y, width, height], whatever the sign of the lengths; none without an area. */
function toBox(value: unknown): Bbox | undefined {
  const record = toRecord(value);
  const list = Array.isArray(value)
    ? (value as unknown[])
    : record && [record['x'], record['y'], record['width'] ?? record['w'], record['height'] ?? record['h']];
  const numbers = list?.length === 4 ? toNumbers(list) : undefined;
  if (numbers === undefined) {
    return undefined;
  }
  const [x = 0, y = 0, w = 0, h = 0] = numbers;
  return w === 0 || h === 0 ? undefined : [Math.min(x, x + w), Math.min(y, y + h), Math.abs(w), Math.abs(h)];
}

function toRegion(value: unknown, label: string): Geometry {
  const record = toRecord(value);
  if (record !== undefined) {
    return Object.keys(record).length === 0 ? undefined : toRuns(record, label);
  }
  if (typeof value === 'string') {
    return { unreadable: 'its segmentation is text' };
  }
  const rings = toRings(value);
  if (rings === undefined) {
    return { unreadable: 'its segmentation is no list of numbers' };
  }
  // Tools leave rings of one or two points behind where somebody clicked once too often.
  const whole = rings.filter((ring) => ring.length >= 6);
  return whole.length === 0
    ? { unreadable: 'its outline has fewer than three points' }
    : { kind: 'polygon', label, unit: 'px', rings: whole };
}

/** Rings [x0, y0, ...] of a list of numbers (one ring), of rings, of points, or of rings of points. */
function toRings(value: unknown): number[][] | undefined {
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  if (list.every((entry) => toNumber(entry) !== undefined)) {
    return [even(toNumbers(list) ?? [])];
  }
  if (list.every((entry) => toPoint(entry) !== undefined)) {
    return [list.flatMap((entry) => toPoint(entry) ?? [])];
  }
  const rings: number[][] = [];
  for (const entry of list) {
    const inner = Array.isArray(entry) ? (entry as unknown[]) : undefined;
    const points = inner?.every((point) => toPoint(point) !== undefined) === true && inner.length > 0;
    const ring = points ? inner?.flatMap((point) => toPoint(point) ?? []) : inner && toNumbers(inner);
    if (ring === undefined) {
      return undefined;
    }
    rings.push(even(ring));
  }
  return rings;
}

/** A number too many at the end is half a point. */
const even = (ring: number[]): number[] => (ring.length % 2 === 0 ? ring : ring.slice(0, -1));

function toPoint(value: unknown): [number, number] | undefined {
  const record = toRecord(value);
  const pair = record === undefined ? value : [record['x'], record['y']];
  const numbers = Array.isArray(pair) && pair.length === 2 ? toNumbers(pair as unknown[]) : undefined;
  return numbers === undefined ? undefined : [numbers[0] ?? 0, numbers[1] ?? 0];
}

function toRuns({ size, counts }: Readonly<Record<string, unknown>>, label: string): Geometry {
  const [height, width] = (Array.isArray(size) ? toNumbers(size as unknown[]) : undefined) ?? [];
  if (height === undefined || width === undefined || !(height > 0 && width > 0)) {
    return { unreadable: 'its run lengths have no size' };
  }
  const numbers = Array.isArray(counts) ? toNumbers(counts as unknown[]) : undefined;
  const list = numbers ?? (typeof counts === 'string' ? decompress(counts) : undefined);
  if (list === undefined) {
    return { unreadable: 'its run lengths are damaged' };
  }
  const total = list.reduce((sum, count) => sum + count, 0);
  if (total !== height * width || list.some((count) => count < 0 || !Number.isInteger(count))) {
    return { unreadable: `its run lengths add up to ${total} px, not to ${width} x ${height}` };
  }
  return { kind: 'rle', label, size: [height, width], counts: typeof counts === 'string' ? counts : list };
}

function decompress(text: string): number[] | undefined {
  try {
    return decompressCounts(text);
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}
