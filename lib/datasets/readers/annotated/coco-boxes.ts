import type { Bbox } from '@/lib/segmentation/mask';
import type { Size } from '../../annotations/fit';
import type { Unit } from '../../annotations/shapes';
import { toNumber, toNumbers } from '../numbers';
import { parseValue, toRecord } from './label-files';

/**
 * How a file states boxes: x, y, width and height, as COCO does, or two corners; in pixels or as fractions of the
 * image.
 */
export type BoxForm = { corners: boolean; unit: Unit };

export const PLAIN_FORM: BoxForm = { corners: false, unit: 'px' };

/** A list that went through a table is text. */
export function fromText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*\[/.test(value)) {
    return value;
  }
  try {
    return parseValue(value);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return value;
    }
    throw error;
  }
}

/** Four numbers of a list, or of an object with COCO's names of them. */
function fourOf(value: unknown): [number, number, number, number] | undefined {
  const stated = fromText(value);
  const record = toRecord(stated);
  const list = Array.isArray(stated)
    ? (stated as unknown[])
    : record && [record['x'], record['y'], record['width'] ?? record['w'], record['height'] ?? record['h']];
  const numbers = list?.length === 4 ? toNumbers(list) : undefined;
  const [x = 0, y = 0, w = 0, h = 0] = numbers ?? [];
  return numbers === undefined ? undefined : [x, y, w, h];
}

/** [x, y, width, height], whatever the sign of the lengths; undefined without an area. */
export function toBox(value: unknown, { corners, unit }: BoxForm): { bbox: Bbox; unit: Unit } | undefined {
  const [x, y, third, fourth] = fourOf(value) ?? [0, 0, 0, 0];
  const isNamed = toRecord(value) !== undefined;
  const [w, h] = corners && !isNamed ? [third - x, fourth - y] : [third, fourth];
  const bbox: Bbox = [Math.min(x, x + w), Math.min(y, y + h), Math.abs(w), Math.abs(h)];
  return w === 0 || h === 0 ? undefined : { bbox, unit };
}

/** What an annotation says of its box, with the size that the file gives its image. */
export type StatedBox = { bbox: unknown; area: unknown; mode: unknown; size: Size | undefined };

/** Detectron's numbers for the forms. */
const MODES: Readonly<Record<number, BoxForm>> = {
  0: { corners: true, unit: 'px' },
  1: PLAIN_FORM,
  2: { corners: true, unit: 'fraction' },
  3: { corners: false, unit: 'fraction' },
};

/**
 * A box of COCO may reach past the edge by so much of the image's side; what is more for one box speaks for corners.
 */
const MOST_PAST = 0.05;

/**
 * The form of a file's boxes, which holds for all of them: as the annotations say (`bbox_mode`); fractions, where no
 * number is above 1; corners, where every stated area is theirs, or where all boxes lie inside their images as corners
 * and some reach far out of them else.
 *
 * @returns `reason`: why the form is another than COCO's
 */
export function boxForm(boxes: readonly StatedBox[]): { form: BoxForm; reason: string | null } {
  const modes = new Set(boxes.map(({ mode }) => toNumber(mode)));
  const [mode] = modes;
  const stated = modes.size === 1 && mode !== undefined ? MODES[mode] : undefined;
  if (stated !== undefined) {
    return { form: stated, reason: null };
  }
  const read = boxes.flatMap(({ bbox, area, size }) => {
    const four = Array.isArray(fromText(bbox)) ? fourOf(bbox) : undefined;
    return four === undefined ? [] : [{ four, area: toNumber(area), size }];
  });
  if (read.length === 0) {
    return { form: PLAIN_FORM, reason: null };
  }
  if (read.every(({ four }) => four.every((value) => value >= 0 && value <= 1))) {
    return { form: { corners: false, unit: 'fraction' }, reason: 'no number is above 1, so they are fractions' };
  }
  const isOrdered = read.every(({ four: [x, y, right, bottom] }) => right > x && bottom > y);
  const corners = (reason: string) => ({ form: { corners: true, unit: 'px' } as const, reason });
  const areas = read.filter(({ area }) => area !== undefined && area > 0);
  const isArea = (area: number | undefined, w: number, h: number) => Math.abs((area ?? 0) - w * h) <= 0.01 * w * h;
  if (
    isOrdered &&
    areas.length > 0 &&
    areas.every(({ four: [x, y, r, b], area }) => isArea(area, r - x, b - y) && !isArea(area, r, b))
  ) {
    return corners('the stated areas are those of two corners');
  }
  const isInside = read.every(
    ({ four: [x, y, right, bottom], size }) =>
      size !== undefined && x >= 0 && y >= 0 && right <= size.width + 1 && bottom <= size.height + 1,
  );
  const reachesOut = ({ four: [x, y, w, h], size = { width: Infinity, height: Infinity } }: (typeof read)[number]) =>
    x + w > size.width * (1 + MOST_PAST) || y + h > size.height * (1 + MOST_PAST);
  return isOrdered && isInside && read.some(reachesOut)
    ? corners('as width and height they would reach far out of their images')
    : { form: PLAIN_FORM, reason: null };
}
