import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { messageOf } from '@/lib/engine/errors';
import { type DatasetTree } from './tree';
import { DatasetError } from './types';

const rows = z.array(z.record(z.string(), z.string()));

/**
 * The rows of a label file as objects keyed by its header.
 *
 * @throws DatasetError naming the file and, where the parser knows it, the line
 */
export async function readCsv(
  tree: DatasetTree,
  file: string,
  required: readonly string[],
): Promise<Record<string, string>[]> {
  const text = await tree.text(file);
  try {
    const parsed = rows.parse(parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true }));
    const missing = required.filter((column) => parsed[0] !== undefined && !(column in parsed[0]));
    if (missing.length > 0) {
      throw new DatasetError(`${file} has no column ${missing.join(', ')}.`);
    }
    return parsed;
  } catch (error) {
    if (error instanceof DatasetError) {
      throw error;
    }
    throw new DatasetError(`${file} is no readable CSV: ${messageOf(error)}`);
  }
}
