import { decompressCounts } from '@/lib/segmentation/rle';
import type { Shape } from '../../annotations/shapes';
import { toNumbers } from '../numbers';
import { type BoxForm, fromText, toBox } from './coco-boxes';
import { toList, toRecord } from './label-files';

/** A region; none (`undefined`) where the annotation states none; or why what it states cannot be read. */
export type Geometry = Shape | undefined | { unreadable: string };

const isStated = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && (toList(value)?.length ?? 1) > 0;

/** What an annotation says about its region, as it stands in the file. */
export type CocoRegion = { segmentation: unknown; bbox: unknown; isBox: boolean };

/**
 * What COCO's `segmentation` and `bbox` mark: rings, a single ring, points as pairs or objects, run lengths in either
 * form, one or a list; else the box. Lists may be written as text.
 * @param form how the file states boxes
 */
export function cocoGeometry({ segmentation, bbox, isBox }: CocoRegion, label: string, form: BoxForm): Geometry {
  const box = toBox(bbox, form);
  if (isBox && box !== undefined) {
    return { kind: 'box', label, ...box };
  }
  const stated = fromText(segmentation);
  const drawn = isStated(stated) ? toRegion(stated, label) : undefined;
  if (drawn !== undefined && !('unreadable' in drawn)) {
    return drawn;
  }
  if (box !== undefined) {
    return { kind: 'box', label, ...box };
  }
  return drawn ?? (isStated(bbox) ? { unreadable: 'its bbox is not four numbers with an area' } : undefined);
}

function toRegion(value: unknown, label: string): Geometry {
  const record = toRecord(value);
  if (record !== undefined) {
    return Object.keys(record).length === 0 ? undefined : toRuns(record, label);
  }
  const runs = Array.isArray(value) ? (value as unknown[]).map(toRecord) : [];
  if (runs.some((entry) => entry !== undefined && 'counts' in entry)) {
    const [only] = runs;
    return runs.length === 1 && only !== undefined ? toRuns(only, label) : { unreadable: 'it has several run lengths' };
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

/** Lists deeper than this are no rings. */
const MAX_NESTING = 6;

/**
 * Rings [x0, y0, ...] of a list of numbers (one ring), of rings, of points, or of rings of points, in lists of lists if
 * need be.
 */
function toRings(value: unknown, depth = 0): number[][] | undefined {
  const list = Array.isArray(value) && depth < MAX_NESTING ? (value as unknown[]) : undefined;
  if (list === undefined) {
    return undefined;
  }
  const numbers = toNumbers(list);
  if (numbers !== undefined) {
    return [even(numbers)];
  }
  if (list.every((entry) => toPoint(entry) !== undefined)) {
    return [list.flatMap((entry) => toPoint(entry) ?? [])];
  }
  const rings: number[][] = [];
  for (const entry of list) {
    const inner = toRings(entry, depth + 1);
    if (inner === undefined) {
      return undefined;
    }
    rings.push(...inner);
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
  // Python prints bytes as `b'...'`.
  const text = typeof counts === 'string' ? counts.replace(/^b'(.*)'$/s, '$1').replaceAll('\\\\', '\\') : undefined;
  if (height === undefined || width === undefined || !(height > 0 && width > 0)) {
    return { unreadable: 'its run lengths have no size' };
  }
  const numbers = Array.isArray(counts) ? toNumbers(counts as unknown[]) : undefined;
  const list = numbers ?? (text === undefined ? undefined : decompress(text));
  if (list === undefined) {
    return { unreadable: 'its run lengths are damaged' };
  }
  const total = list.reduce((sum, count) => sum + count, 0);
  if (total !== height * width || list.some((count) => count < 0 || !Number.isInteger(count))) {
    return { unreadable: `its run lengths add up to ${total} px, not to ${width} x ${height}` };
  }
  return { kind: 'rle', label, size: [height, width], counts: text ?? list };
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
