import type { z } from 'zod';
import { messageOf } from '@/lib/engine/errors';
import type { DatasetTree } from '../tree';
import { DatasetError } from '../types';

/**
 * A JSON label file.
 * @throws DatasetError when it is missing, too large or no JSON
 */
export async function readJsonFile(tree: DatasetTree, file: string): Promise<unknown> {
  const text = await tree.text(file);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new DatasetError(`${file} is no readable JSON: ${messageOf(error)}`);
  }
}

/** Names the first thing that is wrong with a record: "annotations.3.bbox: expected an array". */
export function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}`.replace(/^: /, '');
}

/** JSON files at the root and in the folders where label files usually are. */
export async function jsonFiles(tree: DatasetTree): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['.', 'annotations', 'labels', 'train', 'val', 'valid', 'test']) {
    found.push(...(await tree.files(folder, '.json')));
  }
  return found;
}
