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

/**
 * A row of a YOLO label file: a class (number, `0.0`, or name) and a box `x y w h`, an outline `x1 y1 x2 y2 ...`, or a box with key points; perhaps a confidence at the end. All
 * numbers are fractions of the image. Takes time linear in the row's length.
 */
export function readYoloRow(row: string, names: YoloNames): Row {
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
  const shape = toShape(values, label.name, names.keyPoints);
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

function toShape(
  values: readonly number[],
  label: string,
  keyPoints: YoloNames['keyPoints'],
): Shape | { unreadable: string } {
  if (isPose(values, keyPoints) || values.length === 4 || values.length === 5) {
    const [x = 0, y = 0, w = 0, h = 0] = values;
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
 * True for a box with key points of three numbers, the third of which (0, 1 or 2) says whether the point is seen, or as the set describes them. An outline through the same numbers would
 * have to touch the image's edge at every third one.
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
