import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { messageOf } from '@/lib/engine/errors';
import type { Shape } from '../../annotations/shapes';
import { annotationLimits, type Label } from '../../contract';
import { labelOfWord, splitOfWord } from '../label-words';
import type { NameIndex } from '../name-index';
import { toNumber, toNumbers, toSize } from '../numbers';
import { isImageName } from '../tree';
import { fromText } from './coco-boxes';
import type { AnnotatedCollector, Statement } from './collector';
import { type LabelFiles, toRecord } from './label-files';
import { type Columns, columnsOf, headlessColumns, isYes } from './table-columns';
import { viaClass, viaShape, viaVerdict } from './via';

type Row = { line: number; cells: string[] } | { line: number; broken: string; image: string | undefined };
type Table = { file: string; columns: Columns; rows: Row[]; classes: ReadonlySet<string> };

const SIGNS = [',', ';', '\t', '|'] as const;
/** Rows that are looked at to tell the columns. */
const PROBED = 50;

/** The tables of a set: CSV, TSV or text files with a column that names images. */
export async function tablesOf(files: LabelFiles): Promise<Table[]> {
  const tables: Table[] = [];
  const index = await files.tree.imageIndex();
  for (const file of await files.named('.csv', '.tsv', '.txt')) {
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
  const sign = signOf(lines.slice(0, PROBED), /\.txt$/i.test(file));
  const numbered = [...lines.entries()].filter(([, line]) => line.trim() !== '');
  const rowsOf = (part: typeof numbered) => part.map(([number, line]) => toRow(line, number + 1, sign));
  // Most text files are no tables: label files of YOLO, one an image, end here.
  const probed = rowsOf(numbered.slice(0, PROBED)).flatMap((row) => ('cells' in row ? [row.cells] : []));
  const isImage = (column: number) => probed.slice(1).some((cells) => isNamed(cells[column] ?? '', index));
  const [head = []] = probed;
  const first = head.findIndex((cell) => isImageName(cell) && isNamed(cell, index));
  const columns = first === -1 ? columnsOf(head, isImage) : headlessColumns(head, first);
  if (columns === undefined) {
    return undefined;
  }
  // Text is a table only if every line is a row of it; notes about the images may name them as well.
  const isProse = (cells: readonly string[]) =>
    cells.length !== head.length || !isNamed(cells[columns.image] ?? '', index);
  if (/\.txt$/i.test(file) && probed.slice(first === -1 ? 1 : 0).some(isProse)) {
    return undefined;
  }
  const { verdicts, classes, box, boxList, via, mask } = columns;
  const saysAny = verdicts.length > 0 || [classes, box, boxList, via, mask].some((part) => part !== undefined);
  const body = rowsOf(first === -1 ? numbered.slice(1) : numbered);
  const words = body.flatMap((row) =>
    'cells' in row && classes !== undefined ? (row.cells[classes.column] ?? []) : [],
  );
  return saysAny ? { file, columns, rows: body, classes: new Set(words) } : undefined;
}

function isNamed(cell: string, index: NameIndex): boolean {
  const match = cell === '' || cell.length > 4096 ? undefined : (index.findWhole(cell) ?? index.findEnd(cell));
  return match !== undefined;
}

/** What parts the columns: the sign that gives most lines the same number of cells, spaces in text files. */
function signOf(lines: readonly string[], isText: boolean): string | undefined {
  const [head = ''] = lines.filter((line) => line.trim() !== '');
  const count = (sign: string) => head.split(sign).length;
  const best = SIGNS.reduce((a, b) => (count(b) > count(a) ? b : a));
  return count(best) > 1 ? best : isText ? undefined : ',';
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
 * Tables with a row per image or per region: a column that names the image, and columns of yes or no (`is_good`, `anomaly`), of words or classes (`label`: OK, NG, scratch), of boxes
 * (`xmin` ... or a list), of masks, or of VIA's shapes. Numbers in a column that does not say what they mean leave their images unlabelled.
 */
export async function readTables(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
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
      collector.state({ ...placed(image, table.file), ...readRow(row.cells, table, { where, tellOnce, collector }) });
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
  const marks = regionsOf(cells, columns, word, doubt);
  const labels = columns.verdicts.flatMap((verdict) => verdictOf(cell(verdict.column), verdict, doubt));
  const stated: Stated = marks.hasPlace ? {} : classOf(word, table, labels.length > 0, teller);
  const ofFile = columns.via?.file === undefined ? {} : viaVerdict(fromJson(cell(columns.via.file)));
  if (ofFile.doubt !== undefined) {
    doubt(ofFile.doubt);
  }
  const said = new Set([...labels, ...[stated.label, ofFile.label].flatMap((each) => each ?? [])]);
  if (said.size > 1) {
    doubt('its columns say both normal and anomalous');
  }
  const [label] = said;
  const type = cell(columns.type);
  const [width, height] = (columns.size ?? []).map(cell);
  const mask = cell(columns.mask);
  return {
    shapes: marks.shapes,
    classes: [...marks.classes, ...(stated.className === undefined ? [] : [stated.className])],
    doubts: [...doubts, ...(stated.doubt === undefined ? [] : [stated.doubt])],
    ...(label !== undefined && said.size === 1 && { label }),
    // A row of regions that has none is what trainers take for background.
    isLookedAt: marks.isEmpty && doubts.length === 0,
    size: toSize(width, height),
    ...(mask !== '' && { masks: [mask] }),
    ...(label === 'anomalous' &&
      type !== '' &&
      labelOfWord(type) === undefined && { defectType: type.slice(0, annotationLimits.typeLength) }),
    split: splitOfWord(cell(columns.split)),
    category: cell(columns.category).slice(0, 200) || null,
  };
}

type Verdict = Columns['verdicts'][number];
type Stated = { label?: Label; className?: string; doubt?: string };

function verdictOf(cell: string, { yes, name }: Verdict, doubt: (reason: string) => void): Label[] {
  if (cell === '') {
    return [];
  }
  const other = yes === 'normal' ? 'anomalous' : 'normal';
  const said = isYes(cell);
  const word = labelOfWord(cell);
  if (said === undefined && word === undefined) {
    doubt(`"${cell.slice(0, 40)}" in the column ${name} is neither yes nor no`);
    return [];
  }
  return [word ?? (said === true ? yes : other)];
}

/** What a word in the column of classes says. A class that is no such word names a defect where the column has such words, or says that it is about defects. */
function classOf(word: string, { file, columns, classes }: Table, isSaid: boolean, { tellOnce }: Teller): Stated {
  const name = columns.classes?.name ?? '';
  const label = labelOfWord(word);
  if (word === '' || columns.classes === undefined) {
    return {};
  }
  if (label !== undefined) {
    return { label };
  }
  if (toNumber(word) !== undefined || isYes(word) !== undefined) {
    if (isSaid) {
      return {};
    }
    const message = `The column ${name} has ${word.slice(0, 20)}, which can mean normal or anomalous: call the column is_good or is_anomalous, or write the words.`;
    tellOnce('unknown_choice', message.replace(word.slice(0, 20), 'numbers'));
    return { doubt: `the column ${name} of ${file} has numbers that can mean either` };
  }
  const hasNormal = [...classes].some((other) => labelOfWord(other) === 'normal');
  if (hasNormal || isSaid || /defect|anomal|缺陷|fehler/i.test(name)) {
    return isSaid ? {} : { className: word.slice(0, annotationLimits.typeLength) };
  }
  tellOnce(
    'unknown_choice',
    `The words in the column ${name}, such as "${word.slice(0, 40)}", say neither normal nor anomalous.`,
  );
  return { doubt: `the column ${name} of ${file} says neither normal nor anomalous` };
}

/** `hasPlace`: the row marks a region, so its class is the region's; `isEmpty`: it could and does not. */
type Marks = { shapes: Shape[]; classes: string[]; hasPlace: boolean; isEmpty: boolean };

function regionsOf(
  cells: readonly string[],
  { box, boxList, via }: Columns,
  word: string,
  doubt: (reason: string) => void,
): Marks {
  const label = word.slice(0, annotationLimits.typeLength) || 'anomaly';
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
  const corners = box?.corners === true;
  const [width, height] = corners ? [third - x, fourth - y] : [third, fourth];
  if (!(Math.abs(width) > 0 && Math.abs(height) > 0)) {
    return add(none, { unreadable: 'its box is not four numbers with an area' }, doubt);
  }
  const bbox: [number, number, number, number] = [
    Math.min(x, x + width),
    Math.min(y, y + height),
    Math.abs(width),
    Math.abs(height),
  ];
  return add(none, { kind: 'box', label, unit: 'px', bbox }, doubt);
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

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
