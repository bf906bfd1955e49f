import type { Size } from '../../../annotations/fit';
import type { Shape } from '../../../annotations/shapes';
import { annotationLimits } from '../../../contract';
import { toNumbers } from '../../numbers';
import { toList, toRecord, toText } from '../label-files';

/** What a tool states once: a region, a class without one, or something that cannot be read. */
export type Mark = Shape | { className: string } | { unreadable: string };

/** What a tool's file says of one image. */
export type ToolRecord = {
  /** The image as the file names it. */
  image: string;
  /** Size of the picture that was annotated, in px. */
  size?: Size | undefined;
  split?: string | undefined;
  /** Undefined where nobody has looked at the image. */
  marks: readonly Mark[] | undefined;
};

/**
 * A format of one tool. @returns the file's records, or undefined for a file of another format; an unreadable one names
 * no image
 */
export type ToolFormat = (value: unknown, file: string) => readonly (ToolRecord | { unreadable: string })[] | undefined;

type Fields = Readonly<Record<string, unknown>>;
const ANY = 'anomaly';

/** The name of a class; what has none is any anomaly. */
export const labelOf = (name: unknown): string => toText(name)?.slice(0, annotationLimits.typeLength) ?? ANY;

/** A box by its corner and lengths in px. */
export function boxMark(label: string, box: readonly unknown[]): Mark {
  const [x = 0, y = 0, width = 0, height = 0] = toNumbers(box) ?? [];
  return box.length === 4 && width > 0 && height > 0
    ? { kind: 'box', label, unit: 'px', bbox: [x, y, width, height] }
    : { unreadable: 'its box is no four numbers with an area' };
}

/** A box by two opposite corners in px. */
export function cornersMark(label: string, corners: readonly unknown[]): Mark {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = toNumbers(corners) ?? [];
  return boxMark(
    label,
    corners.length === 4 ? [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)] : [],
  );
}

/**
 * The points of an outline or a line, as pairs, as `{x, y}` or as one list of numbers, in px; undefined when one is
 * none.
 */
function toPoints(value: unknown): number[] | undefined {
  const points = (toList(value) ?? []).flatMap((point): unknown[] => {
    const { x, y } = toRecord(point) ?? {};
    return Array.isArray(point) ? (point.length === 2 ? point : [undefined]) : x === undefined ? [point] : [x, y];
  });
  return toNumbers(points);
}

/** An outline of at least three points, with the outlines of its holes. */
export function outlineMark(label: string, outline: unknown, holes: readonly unknown[] = []): Mark {
  const [ring, ...inner] = [outline, ...holes].map(toPoints);
  if (ring === undefined || ring.length < 6 || ring.length % 2 === 1 || inner.some((hole) => hole === undefined)) {
    return { unreadable: 'its outline is no list of three points or more' };
  }
  // Holes are joined by bridges that are walked there and back, which the even-odd rule leaves out.
  const start = ring.slice(0, 2);
  const bridged = inner.flatMap((hole = []) => [...start, ...hole, ...hole.slice(0, 2)]);
  return { kind: 'polygon', label, unit: 'px', rings: [bridged.length === 0 ? ring : [...ring, ...bridged, ...start]] };
}

/** A line of at least two points. */
export function lineMark(label: string, line: unknown): Mark {
  const points = toPoints(line);
  return points !== undefined && points.length >= 4 && points.length % 2 === 0
    ? { kind: 'line', label, unit: 'px', points }
    : { unreadable: 'its line is no list of two points or more' };
}

/** What is marked by the records of a list; what is no object is unreadable. */
export function marksOf(list: readonly unknown[], read: (record: Fields) => Mark): Mark[] {
  return list.map((entry) => {
    const record = toRecord(entry);
    return record === undefined ? { unreadable: 'it is no object' } : read(record);
  });
}

/**
 * A list; null is an empty one, and anything else one entry that cannot be read. Undefined where nothing is stated:
 * nobody says that nothing is there.
 */
export function listed(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : value === null ? [] : value === undefined ? undefined : [value];
}

/** True where the first few entries include one that fits. */
export const someFits = (list: readonly unknown[] | undefined, fits: (record: Fields) => boolean): boolean =>
  list?.slice(0, 50).some((entry) => {
    const record = toRecord(entry);
    return record !== undefined && fits(record);
  }) === true;
