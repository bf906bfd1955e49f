import type { Shape } from '../../annotations/shapes';
import { annotationLimits } from '../../contract';
import { toNumber, toNumbers } from '../numbers';

/** Longest row that is looked at: an outline of some ten thousand points. */
const MAX_ROW = 400_000;
/** How far outside the image a fraction may lie: boxes reach past the edge, but a pixel's number is no fraction. */
const OUTSIDE = 1;

/** What a row says; `note` is worth telling though the row was read. */
export type Row = { shape: Shape; note?: string } | { unreadable: string };

export type YoloNames = {
  /** Names of the classes by their number. */
  names: ReadonlyMap<number, string>;
  /** The file that has them, for messages. */
  file: string;
  /** Numbers per key point and key points, where the set is one of poses (`kpt_shape`). */
  keyPoints: { count: number; numbers: number } | null;
};

/** What the rows of a set are that cannot be taken for another kind. */
export type RowKinds = { hasBoxes: boolean; hasOutlines: boolean };

/**
 * The kind of a row by its length: boxes have 4 numbers, or 5 with a confidence; outlines at least 4 points. Undefined
 * for what can be either, and for what is neither.
 */
export function kindOfRow(row: string): 'box' | 'outline' | undefined {
  if (row.length > MAX_ROW) {
    return undefined;
  }
  const words = tokens(row);
  const first = words.findIndex((word, index) => index > 0 && toNumber(word) !== undefined);
  const values = first === -1 ? undefined : toNumbers(words.slice(first));
  if (values === undefined || isPose(values, null)) {
    return undefined;
  }
  return values.length === 4 || values.length === 5 ? 'box' : values.length >= 8 ? 'outline' : undefined;
}

/** Numbers of a row that can be an outline of three points or a box with more columns (a confidence, a track). */
const isUnclear = (count: number): boolean => count === 6 || count === 7;

/** True for a row of which only the others of its set can tell what it is. */
export function needsKinds(row: string, names: YoloNames): boolean {
  const numbers = row.length > MAX_ROW ? [] : tokens(row).filter((word) => toNumber(word) !== undefined);
  return names.keyPoints === null && (isUnclear(numbers.length) || isUnclear(numbers.length - 1));
}

/**
 * A row of a YOLO label file: a class (number, `0.0`, or name) and a box `x y w h`, an outline `x1 y1 x2 y2 ...`, or a
 * box with key points; perhaps a confidence at the end. All numbers are fractions of the image. Takes time linear in
 * the row's length.
 *
 * @param kinds the other rows of the set, which tell what 6 and 7 numbers are
 */
export function readYoloRow(row: string, names: YoloNames, kinds: RowKinds = NO_KINDS): Row {
  if (row.length > MAX_ROW) {
    return { unreadable: `it has ${row.length} characters` };
  }
  const words = tokens(row);
  const first = words.findIndex((word, index) => index > 0 && toNumber(word) !== undefined);
  const values = first === -1 ? undefined : toNumbers(words.slice(first));
  if (values === undefined) {
    return { unreadable: 'it needs a class and numbers' };
  }
  const label = classOf(words.slice(0, first).join(' '), names);
  if ('unreadable' in label) {
    return label;
  }
  const shape = toShape(values, label.name, { keyPoints: names.keyPoints, kinds });
  return 'unreadable' in shape ? shape : { shape, ...(label.note !== undefined && { note: label.note }) };
}

/** The words of a row, whatever parts them; a comma inside of one is a decimal point. */
function tokens(row: string): string[] {
  const parted = row.split(/[\s;]+/).filter((word) => word !== '');
  const words = parted.length === 1 ? row.split(',') : parted.map((word) => word.replace(/,$/, ''));
  return words.map((word) => word.trim()).filter((word) => word !== '');
}

function classOf(stated: string, { names, file }: YoloNames): { name: string; note?: string } | { unreadable: string } {
  // Some tools quote names, or write `class: numbers`.
  const word = stated.replace(/^(["'])(.+)\1$/, '$2').replace(/(?<=.):$/, '');
  const number = toNumber(word);
  if (number === undefined) {
    const known = [...names.values()].find((name) => name.toLowerCase() === word.toLowerCase());
    const isListed = known !== undefined || names.size === 0;
    return {
      name: (known ?? word).slice(0, annotationLimits.typeLength),
      ...(!isListed && { note: beyond(word, names.size, file) }),
    };
  }
  if (!Number.isInteger(number) || number < 0) {
    return { unreadable: `its class ${word} is no whole number` };
  }
  const name = names.get(number);
  const note = name === undefined && names.size > 0 ? beyond(String(number), names.size, file) : undefined;
  return { name: name ?? `class ${number}`, ...(note !== undefined && { note }) };
}

const beyond = (name: string, count: number, file: string): string =>
  `The class ${name} is not among the ${count} names of ${file}.`;

const NO_KINDS: RowKinds = { hasBoxes: false, hasOutlines: false };

/**
 * True for what follows a box as detectors and trackers write it: a confidence, and a whole number for the track, in
 * either order, or two confidences.
 */
function isExtra(values: readonly number[]): boolean {
  const isShare = (value: number) => value >= 0 && value <= 1;
  return values.every((value) => isShare(value) || (Number.isInteger(value) && value >= 0));
}

function toShape(
  values: readonly number[],
  label: string,
  { keyPoints, kinds }: { keyPoints: YoloNames['keyPoints']; kinds: RowKinds },
): Shape | { unreadable: string } {
  const isLong = isUnclear(values.length) && !isPose(values, keyPoints);
  const isLongBox = isLong && kinds.hasBoxes && !kinds.hasOutlines && isExtra(values.slice(4));
  if (isLong && !isLongBox && !(kinds.hasOutlines && !kinds.hasBoxes)) {
    const what = `${values.length} numbers can be a box with more columns or an outline of three points`;
    return { unreadable: `its ${what}, and the other rows of the set do not tell which` };
  }
  if (isLongBox || isPose(values, keyPoints) || values.length === 4 || values.length === 5) {
    const [x = 0, y = 0, w = 0, h = 0] = values;
    if (values.length === 5 && !isExtra(values.slice(4))) {
      return { unreadable: `its last number ${values[4]} is no confidence, and boxes turned by an angle are not read` };
    }
    if (!(w > 0 && h > 0)) {
      return { unreadable: 'its box has no width or no height' };
    }
    return inRange([x, y, w, h]) ?? { kind: 'box', label, unit: 'fraction', bbox: [x - w / 2, y - h / 2, w, h] };
  }
  // An odd number at the end is the confidence that trackers and detectors add.
  const ring = values.length % 2 === 0 ? values : values.slice(0, -1);
  if (ring.length < 6) {
    return { unreadable: 'it needs 4 numbers (a box) or pairs of at least 3 points' };
  }
  return inRange(ring) ?? { kind: 'polygon', label, unit: 'fraction', rings: [[...ring]] };
}

function inRange(values: readonly number[]): { unreadable: string } | undefined {
  const odd = values.find((value) => value < -OUTSIDE || value > 1 + OUTSIDE);
  return odd === undefined ? undefined : { unreadable: `${odd} is no fraction of the image` };
}

/**
 * True for a box with key points of three numbers, the third of which (0, 1 or 2) says whether the point is seen, or as
 * the set describes them. An outline through the same numbers would have to touch the image's edge at every third one.
 */
function isPose(values: readonly number[], keyPoints: YoloNames['keyPoints']): boolean {
  if (keyPoints !== null) {
    return [4, 5].includes(values.length - keyPoints.count * keyPoints.numbers);
  }
  const points = values.slice(4);
  return (
    points.length >= 6 &&
    points.length % 3 === 0 &&
    points.every((value, index) => index % 3 !== 2 || value === 0 || value === 1 || value === 2) &&
    (values[2] ?? 0) > 0 &&
    (values[3] ?? 0) > 0
  );
}
