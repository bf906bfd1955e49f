import { parse } from 'csv-parse/sync';
import { messageOf } from '@/lib/common/message-of';
import { LineError, parseValue } from './label-files';

/**
 * The columns by which a CSV export of Label Studio is known; the others are the task's data and a column for each
 * control of the labelling interface.
 */
const OWN = ['annotation_id', 'annotator'] as const;

const OPTIONS = { bom: true, trim: true, skip_empty_lines: true } as const;

/** True for the first line of a CSV export of Label Studio. */
export const isLabelStudioHead = (line: string): boolean => {
  const names = new Set(
    line
      .replace(/^\ufeff/, '')
      .split(/[,\t]/)
      .map((name) => name.trim().replace(/^"|"$/g, '')),
  );
  return OWN.every((name) => names.has(name));
};

/**
 * The rows of a CSV export of Label Studio as the records of JSON-MIN, which has the same fields: regions and several
 * choices are JSON in a cell, one choice is a word, and an empty cell is none.
 * @returns undefined for another file; `LineError` for a row that cannot be read
 */
export function labelStudioCsv(text: string): unknown[] | undefined {
  const [first = ''] = text.split(/\r?\n/, 1);
  if (!isLabelStudioHead(first)) {
    return undefined;
  }
  const delimiter = first.includes('\t') ? '\t' : ',';
  const options = { ...OPTIONS, delimiter };
  try {
    const [head = [], ...rows] = parse(text, options);
    return rows.map((row) => toMin(head, row));
  } catch {
    // A row is damaged: the others are whole, each in its line.
    const [head = []] = parse(first, options);
    return text
      .split(/\r?\n/)
      .slice(1)
      .filter((line) => line.trim() !== '')
      .map((line) => readLine(head, line, options));
  }
}

function readLine(head: readonly string[], line: string, options: typeof OPTIONS & { delimiter: string }): unknown {
  try {
    const [row = []] = parse(line, options);
    return row.length === head.length
      ? toMin(head, row)
      : new LineError('it has another number of cells than the head');
  } catch (error) {
    return new LineError(messageOf(error));
  }
}

function toMin(head: readonly string[], row: readonly string[]): Record<string, unknown> {
  const entries = head.map((name, i): [string, string] => [name, row[i] ?? '']).filter(([, cell]) => cell !== '');
  const record = Object.fromEntries(entries.map(([name, cell]) => [name, /^[[{]/.test(cell) ? fromJson(cell) : cell]));
  // A task that nobody has annotated.
  return 'annotation_id' in record ? record : { data: record, annotations: [] };
}

/** Text that begins like JSON and is none is a region that cannot be read. */
function fromJson(cell: string): unknown {
  try {
    return parseValue(cell);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return [null];
    }
    throw error;
  }
}
