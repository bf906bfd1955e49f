import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { messageOf } from '@/lib/common/message-of';
import type { Unit } from '../../annotations/shapes';
import { annotationLimits } from '../../contract';
import { foreignFile } from '../../endings';
import { labelOfWord, splitOfWord } from '../label-words';
import type { NameIndex } from '../name-index';
import { toNumber, toSize } from '../numbers';
import { isImageName } from '../tree';
import type { AnnotatedCollector } from './collector';
import type { LabelFiles } from './label-files';
import { isLabelStudioHead } from './label-studio-csv';
import { asidesAgainst } from './table-asides';
import type { Statement } from './statement';
import { type Columns, columnsOf, headlessColumns, namesImages } from './table-columns';
import { chooseClasses, classOf, defectsOf, kindsOf, type Stated, verdictOf } from './table-labels';
import { type NumberColumn, numberColumns, numbersAgainst } from './table-numbers';
import { fromJson, regionsOf } from './table-regions';
import { viaVerdict } from './via';

type Row = { line: number; cells: string[] } | { line: number; broken: string; image: string | undefined };
type Table = {
  file: string;
  columns: Columns;
  rows: Row[];
  classes: ReadonlySet<string>;
  /** Columns of 0 and 1 beside those of words. */
  numbers: readonly NumberColumn[];
  /** What the corners of boxes count. */
  unit: Unit;
};

const SIGNS = [',', ';', '\t', '|'] as const;
/** Rows that are looked at to tell the columns. */
const PROBED = 50;

/** The tables of a set: CSV, TSV or text files with a column that names images. */
export async function tablesOf(files: LabelFiles): Promise<Table[]> {
  const tables: Table[] = [];
  const index = await files.tree.imageIndex();
  const named = await files.named('.csv', '.tsv', '.txt');
  for (const file of named.filter((name) => foreignFile(name) === undefined)) {
    const read = await files.text(file);
    const table = 'text' in read ? readTable(file, read.text, index) : undefined;
    if (table !== undefined) {
      tables.push(table);
    }
  }
  return tables;
}

function readTable(file: string, text: string, index: NameIndex): Table | undefined {
  const lines = text.split(/\r\n|\n|\r/);
  if (isLabelStudioHead(lines[0] ?? '')) {
    return undefined;
  }
  // Spreadsheets may say in the first line what parts the columns.
  const [, stated] = /^\ufeff?"?sep=([,;|\t])"?$/i.exec(lines[0] ?? '') ?? [];
  const sign = stated ?? signOf(lines.slice(0, PROBED), /\.txt$/i.test(file));
  const numbered = [...lines.entries()].slice(stated === undefined ? 0 : 1).filter(([, line]) => line.trim() !== '');
  const joint = jointColumn(numbered[0]?.[1] ?? '', sign);
  const rowsOf = (part: typeof numbered) =>
    part.map(([number, line]) => partJoint(toRow(line, number + 1, sign), joint));
  // Most text files are no tables: label files of YOLO, one an image, end here.
  const probed = rowsOf(numbered.slice(0, PROBED)).flatMap((row) => ('cells' in row ? [row.cells] : []));
  const isImage = (column: number) => probed.slice(1).some((cells) => isNamed(cells[column] ?? '', index));
  const [top = []] = probed;
  const imageIn = (cells: readonly string[]) => cells.findIndex((cell) => isImageName(cell) && isNamed(cell, index));
  const usual = mostCommon(probed.map(({ length }) => length));
  // Where rows have no head the first may be the damaged one: what their columns are, one of the usual length tells.
  const sample = [top, ...probed].find((row) => row.length === usual && imageIn(row) !== -1);
  const head = (imageIn(top) !== -1 || !isHead(top) ? sample : undefined) ?? top;
  const first = imageIn(head);
  const columns = first === -1 ? columnsOf(head, isImage, isOneHot(file)) : headlessColumns(head, first);
  if (columns === undefined) {
    return undefined;
  }
  // Text is a table only if every line is a row of it; notes about the images may name them as well.
  const isProse = (cells: readonly string[]) =>
    cells.length !== head.length || !isNamed(cells[columns.image] ?? '', index);
  if (/\.txt$/i.test(file) && probed.slice(first === -1 ? 1 : 0).some(isProse)) {
    return undefined;
  }
  const body = rowsOf(first === -1 ? numbered.slice(1) : numbered);
  const rows = body.flatMap((row) => ('cells' in row ? [row.cells] : []));
  const chosen = chooseClasses(columns, rows);
  const { verdicts, classes, box, boxList, runs, via, mask } = chosen;
  const saysAny = verdicts.length > 0 || [classes, box, boxList, runs, via, mask].some((part) => part !== undefined);
  const words = rows.flatMap((cells) => (classes === undefined ? [] : (cells[classes.column] ?? [])));
  const unit = unitOf(box, rows);
  const numbers = numberColumns(chosen, rows);
  return saysAny ? { file, columns: chosen, rows: body, classes: new Set(words), numbers, unit } : undefined;
}

/** True for a table of Roboflow's in which one column, that of the image's class, is 1. */
const isOneHot = (file: string): boolean => path.posix.basename(file).toLowerCase() === '_classes.csv';

/**
 * False for cells that can hardly be the names of columns: one alone, or numbers and verdicts without one that names
 * images.
 */
const isHead = (cells: readonly string[]): boolean =>
  cells.length > 1 &&
  (cells.some(namesImages) || !cells.some((cell) => toNumber(cell) !== undefined || labelOfWord(cell) !== undefined));

/** The number that is there most often, the first of several; 0 of none. */
function mostCommon(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  numbers.forEach((number) => counts.set(number, (counts.get(number) ?? 0) + 1));
  return [...counts].reduce<[number, number]>((best, each) => (each[1] > best[1] ? each : best), [0, 0])[0];
}

/** The column of Kaggle's tables that has an image and a class in one (`ImageId_ClassId`: `a.jpg_1`), or -1. */
const jointColumn = (head: string, sign: string | undefined): number =>
  head.split(sign ?? /\s+/).findIndex((name) => /^\W*image(_?id)?_(class_?id|label)\W*$/i.test(name));

/** A row with the image and the class of a joint column parted. */
function partJoint(row: Row, joint: number): Row {
  const cell = 'cells' in row ? row.cells[joint] : undefined;
  if (!('cells' in row) || cell === undefined) {
    return row;
  }
  const at = cell.lastIndexOf('_');
  const parts = at === -1 ? [cell, ''] : [cell.slice(0, at), cell.slice(at + 1)];
  return { ...row, cells: [...row.cells.slice(0, joint), ...parts, ...row.cells.slice(joint + 1)] };
}

/** Corners, or centres and lengths, none of which is above 1 are fractions of the image, as Open Images states them. */
function unitOf(box: Columns['box'], rows: readonly (readonly string[])[]): Unit {
  const numbers = rows.flatMap((cells) => box?.columns.flatMap((column) => toNumber(cells[column]) ?? []) ?? []);
  const isFraction = numbers.length > 0 && numbers.every((number) => number >= 0 && number <= 1);
  return box !== undefined && box.form !== 'lengths' && isFraction ? 'fraction' : 'px';
}

function isNamed(cell: string, index: NameIndex): boolean {
  const match = cell === '' || cell.length > 4096 ? undefined : (index.findWhole(cell) ?? index.findEnd(cell));
  return match !== undefined;
}

/** What parts the columns: the sign that gives most lines the same number of cells, spaces in text files. */
function signOf(lines: readonly string[], isText: boolean): string | undefined {
  const filled = lines.filter((line) => line.trim() !== '');
  const ranked = SIGNS.map((sign) => {
    const counts = filled.map((line) => line.split(sign).length);
    const usual = mostCommon(counts.filter((count) => count > 1));
    return { sign, usual, lines: counts.filter((count) => count === usual).length, head: counts[0] ?? 0 };
  });
  const best = ranked.reduce((a, b) => (b.lines > a.lines || (b.lines === a.lines && b.head > a.head) ? b : a));
  return best.usual > 1 ? best.sign : isText ? undefined : ',';
}

function toRow(line: string, number: number, sign: string | undefined): Row {
  try {
    if (sign === undefined) {
      return { line: number, cells: line.trim().split(/\s+/) };
    }
    if (!line.includes('"')) {
      return { line: number, cells: line.split(sign).map((cell) => cell.trim()) };
    }
    const [cells = []] = parse(line, { delimiter: sign, trim: true, relax_column_count: true });
    return { line: number, cells };
  } catch (error) {
    const image = line.split(/[,;\t|"]/).find((cell) => isImageName(cell.trim()));
    return { line: number, broken: messageOf(error), image: image?.trim() };
  }
}

/**
 * Tables with a row per image or per region: a column that names the image, and columns of yes or no (`is_good`,
 * `anomaly`), of words or classes (`label`: OK, NG, scratch), of boxes (`xmin` ... or a list), of masks, or of VIA's
 * shapes. Numbers in a column that does not say what they mean leave their images unlabelled.
 */
export async function readTables(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  const index = await files.tree.imageIndex();
  const placeOf = (name: string) => {
    const match = index.findWhole(name) ?? index.findEnd(name);
    return match !== undefined && 'path' in match ? match.path : undefined;
  };
  for (const table of await tablesOf(files)) {
    const told = new Set<string>();
    const tellOnce = (code: string, message: string) => {
      if (!told.has(message)) {
        told.add(message);
        collector.report(code, table.file, message);
      }
    };
    for (const row of table.rows) {
      const where = `${table.file}, line ${row.line}`;
      const image = 'cells' in row ? (row.cells[table.columns.image] ?? '') : (row.image ?? '');
      if ('broken' in row || image === '') {
        const reason = 'broken' in row ? row.broken : 'it names no image';
        collector.report('bad_row', where, `The row cannot be read: ${reason}.`);
        if (image === '') {
          collector.doubt(table.file, `${where}: ${reason}`);
        } else {
          collector.state({ ...placed(image, table.file), doubts: [`${where}: ${reason}`] });
        }
        continue;
      }
      // The end of a mask's path may be that of the image itself.
      const isThere = (mask: string) => placeOf(mask) !== undefined && placeOf(mask) !== placeOf(image);
      collector.state({
        ...placed(image, table.file),
        ...readRow(row.cells, table, { where, tellOnce, collector, isThere }),
      });
    }
  }
}

function placed(image: string, file: string): Pick<Statement, 'image' | 'source' | 'folders'> {
  const folder = path.posix.dirname(file);
  return { image, source: file, folders: ['.', folder, 'images', path.posix.join(folder, 'images')] };
}

type Teller = {
  where: string;
  tellOnce: (code: string, message: string) => void;
  collector: AnnotatedCollector;
  /** True for the name of a mask that is a picture of the set, and not the row's own. */
  isThere: (mask: string) => boolean;
};

function readRow(cells: readonly string[], table: Table, teller: Teller): Partial<Statement> {
  const { columns } = table;
  const cell = (column: number | undefined) => (column === undefined ? '' : (cells[column] ?? ''));
  const doubts: string[] = [];
  const doubt = (reason: string) => {
    teller.collector.report('bad_row', teller.where, `The row cannot be read: ${reason}.`);
    doubts.push(`${teller.where}: ${reason}`);
  };
  const word = cell(columns.classes?.column);
  const marks = regionsOf(cells, table, word, doubt);
  const kinds = kindsOf(cells, columns);
  const defects = [...kinds, ...(marks.hasPlace ? [] : defectsOf(cells, columns))];
  const labels = columns.verdicts.flatMap((verdict) => {
    const each = verdictOf(cell(verdict.column), verdict, doubt);
    // "damaged: 0" denies that kind alone where the column of another says 1.
    return kinds.length > 0 && verdict.yes === 'anomalous' ? each.filter((label) => label !== 'normal') : each;
  });
  const isDenied = labels.length > 0 && labels.every((each) => each === 'anomalous') && kinds.length === 0;
  const isUnset = isOneHot(table.file) && isDenied;
  if (isUnset) {
    doubt('none of its classes is set');
  }
  const stated: Stated = marks.hasPlace ? {} : classOf(word, { ...table, ...teller }, labels.length > 0);
  const ofFile = columns.via?.file === undefined ? {} : viaVerdict(fromJson(cell(columns.via.file)));
  if (ofFile.doubt !== undefined) {
    doubt(ofFile.doubt);
  }
  const ofWords = [stated.label, ofFile.label, defects.length > 0 ? ('anomalous' as const) : undefined];
  const said = new Set([...labels, ...ofWords.flatMap((each) => each ?? [])]);
  if (said.size > 1) {
    doubt('its columns say both normal and anomalous');
  }
  const [first] = said;
  const isSaid = said.size === 1 && (first === 'normal' || first === 'anomalous');
  const against = isSaid ? numbersAgainst(cells, first, table.numbers) : [];
  if (against.length > 0) {
    doubt(`its columns say ${first}, but ${against.join(' and ')} says otherwise`);
  }
  const isNormal = first === 'normal' || (first === undefined && marks.isEmpty);
  const asides = isNormal ? asidesAgainst(cells, columns.asides) : [];
  if (asides.length > 0) {
    doubt(`it is called normal or marks nothing, but ${asides.join(' and ')} may tell a defect`);
  }
  const label = against.length + asides.length > 0 || isUnset ? undefined : first;
  const type = [cell(columns.type), ...defects].find((word) => word !== '' && labelOfWord(word) === undefined);
  const mask = cell(columns.mask);
  const [width, height] = (columns.size ?? []).map(cell);
  const classes = [...marks.classes, ...(stated.className === undefined ? [] : [stated.className])];
  const isOpen = said.size === 0 && stated.doubt === undefined && doubts.length === 0;
  const isByMask = mask !== '' && isOpen && classes.length + marks.shapes.length === 0;
  const isMissing = isByMask && !teller.isThere(mask);
  if (isMissing) {
    doubt(`its mask ${mask.slice(0, 200)} does not exist in the set`);
  }
  return {
    shapes: marks.shapes,
    classes,
    doubts: [...doubts, ...(stated.doubt === undefined ? [] : [stated.doubt])],
    isVague: doubts.length === 0 && stated.isVague === true,
    ...(label !== undefined && said.size === 1 && { label }),
    ...(isByMask && doubts.length === 0 && { label: 'anomalous' as const, isLabelledByMask: true }),
    // A row of regions that has none is what trainers take for background.
    isLookedAt: marks.isEmpty && doubts.length === 0,
    size: toSize(width, height),
    ...(mask !== '' && !isMissing && { masks: [mask] }),
    ...(label === 'anomalous' && type !== undefined && { defectType: type.slice(0, annotationLimits.typeLength) }),
    split: splitOfWord(cell(columns.split)),
    category: cell(columns.category).slice(0, 200) || null,
  };
}
