import type { Shape, Unit } from '../../annotations/shapes';
import { annotationLimits } from '../../contract';
import { labelOfWord } from '../label-words';
import { toNumber, toNumbers } from '../numbers';
import { fromText } from './coco-boxes';
import { toRecord } from './label-files';
import type { Columns } from './table-columns';
import { viaClass, viaShape } from './via';

/** `hasPlace`: the row marks a region, so its class is the region's; `isEmpty`: it could and does not. */
export type Marks = { shapes: Shape[]; classes: string[]; hasPlace: boolean; isEmpty: boolean };

/** The region that a row's cells describe, in px or, with corners that are fractions, in those. */
export function regionsOf(
  cells: readonly string[],
  { columns: { box, boxList, via, runs }, unit }: { columns: Columns; unit: Unit },
  word: string,
  doubt: (reason: string) => void,
): Marks {
  const name = toNumber(word) === undefined ? word : `class ${word}`;
  const label = name.slice(0, annotationLimits.typeLength) || 'anomaly';
  const none: Marks = { shapes: [], classes: [], hasPlace: false, isEmpty: false };
  if (via !== undefined) {
    const attributes = via.attributes === undefined ? undefined : toRecord(fromJson(cells[via.attributes] ?? ''));
    const stated = toRecord(fromJson(cells[via.shape] ?? ''));
    if (stated !== undefined && Object.keys(stated).length === 0) {
      return { ...none, isEmpty: via.count === undefined || toNumber(cells[via.count]) === 0 };
    }
    const read = viaShape(stated, viaClass(attributes));
    return add(none, read, doubt);
  }
  if (runs !== undefined) {
    const stated = (cells[runs] ?? '').trim();
    if (cells[runs] === undefined) {
      doubt('it has no cell with run lengths');
    }
    // A row without run lengths, or with -1, denies the class.
    const isEmpty = stated === '' || stated === '-1';
    return isEmpty
      ? { ...none, hasPlace: true, isEmpty: cells[runs] !== undefined }
      : add(none, readRuns(stated, label), doubt);
  }
  const list = boxList === undefined ? '' : (cells[boxList] ?? '');
  const stated = box?.columns.map((column) => cells[column] ?? '') ?? [];
  if (box === undefined && boxList === undefined) {
    return none;
  }
  if (box === undefined ? list === '' : stated.every((cell) => cell === '')) {
    // Cells that are there and empty mean background; cells that are missing mean that the row was cut off.
    const isCut = [...(box?.columns ?? []), boxList ?? 0].some((column) => cells[column] === undefined);
    if (isCut) {
      doubt('it has fewer cells than the columns of boxes');
    }
    return { ...none, isEmpty: !isCut && (word === '' || labelOfWord(word) === 'normal') };
  }
  const [x = NaN, y = NaN, third = NaN, fourth = NaN] =
    toNumbers(box === undefined ? [fromText(list)].flat() : stated) ?? [];
  const form = box?.form ?? 'lengths';
  const [width, height] = form === 'corners' ? [third - x, fourth - y] : [third, fourth];
  const [left, top] = form === 'centre' ? [x - width / 2, y - height / 2] : [x, y];
  if (!(Math.abs(width) > 0 && Math.abs(height) > 0)) {
    return add(none, { unreadable: 'its box is not four numbers with an area' }, doubt);
  }
  const bbox: [number, number, number, number] = [
    Math.min(left, left + width),
    Math.min(top, top + height),
    Math.abs(width),
    Math.abs(height),
  ];
  return add(none, { kind: 'box', label, unit, bbox }, doubt);
}

/** Pairs of a start and a length, parted by spaces. */
function readRuns(text: string, label: string): Shape | { unreadable: string } {
  const runs = toNumbers(text.split(/\s+/));
  const isPairs = runs !== undefined && runs.length > 0 && runs.length % 2 === 0;
  return isPairs && runs.every((number) => Number.isInteger(number) && number > 0)
    ? { kind: 'runs', label, runs }
    : { unreadable: 'its run lengths are no pairs of a start and a length' };
}

function add(
  marks: Marks,
  read: Shape | { className: string } | { unreadable: string },
  doubt: (reason: string) => void,
): Marks {
  if ('unreadable' in read) {
    doubt(read.unreadable);
    return { ...marks, hasPlace: true };
  }
  return 'className' in read
    ? { ...marks, classes: [read.className], hasPlace: true }
    : { ...marks, shapes: [read], hasPlace: true };
}

/** JSON, or undefined for text that is none. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
