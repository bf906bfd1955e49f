import { parse } from 'csv-parse/sync';
import { messageOf } from '@/lib/common/message-of';
import { type DatasetTree } from './tree';
import { DatasetError } from './types';

/**
 * A row as an object keyed by the header in lower case, or the reason why it cannot be read, with its text. `line`
 * counts from 1.
 */
export type CsvRow = { line: number; cells: Record<string, string> } | { line: number; broken: string; text: string };

const SEPARATORS = [',', ';', '\t'] as const;

/**
 * The rows of a label file, parted by commas, semicolons or tabs. A row that is damaged, even by a quote that never
 * ends, spoils no other.
 *
 * @throws DatasetError when there is no readable row, or a column is missing
 */
export async function readCsv(tree: DatasetTree, file: string, required: readonly string[]): Promise<CsvRow[]> {
  const lines = (await tree.text(file)).split(/\r\n|\n|\r/);
  const [header = '', ...rest] = lines;
  const separator = SEPARATORS.find((sign) => required.every((name) => columnsOf(header, sign).includes(name))) ?? ',';
  const columns = columnsOf(header, separator);
  const rows: CsvRow[] = [];
  for (const [index, text] of rest.entries()) {
    if (text.trim() !== '') {
      rows.push(readRow(text, index + 2, columns, separator));
    }
  }
  const missing = required.filter((column) => !columns.includes(column));
  if (rows.length > 0 && missing.length > 0) {
    throw new DatasetError(`${file} has no column ${missing.join(', ')}.`);
  }
  const broken = rows.find((row) => 'broken' in row);
  if (broken !== undefined && 'broken' in broken && rows.every((row) => 'broken' in row)) {
    throw new DatasetError(`${file} is no readable CSV: ${broken.broken}`);
  }
  return rows;
}

function cellsOf(text: string, delimiter: string): string[] {
  // Lines without a quote, as nearly all are, need no parser.
  if (!text.includes('"')) {
    return text.split(delimiter).map((cell) => cell.trim());
  }
  const [cells = []] = parse(text, { delimiter, trim: true, relax_column_count: true });
  return cells;
}

function columnsOf(header: string, separator: string): string[] {
  try {
    return cellsOf(header, separator).map((name) => name.toLowerCase());
  } catch (error) {
    if (error instanceof Error) {
      return [];
    }
    throw error;
  }
}

function readRow(text: string, line: number, columns: readonly string[], separator: string): CsvRow {
  try {
    const cells = cellsOf(text, separator);
    return { line, cells: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])) };
  } catch (error) {
    return { line, broken: messageOf(error), text };
  }
}

/**
 * The first cell of a broken row that names an image, so that the image is not taken for one that nothing is known
 * about.
 */
export function imageOfBroken(text: string): string | undefined {
  return text
    .split(/[,;\t"]/)
    .find((cell) => /\.[a-z]{3,4}$/i.test(cell.trim()))
    ?.trim();
}
