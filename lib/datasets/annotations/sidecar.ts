import { z } from 'zod';
import type { DatasetTree } from '../readers/tree';
import { DatasetError } from '../readers/types';
import { messageOf } from '@/lib/common/message-of';
import { type ItemFields, itemFieldsSchema } from './item-fields';

/**
 * File in our exports of formats that hold no fields of an image (YOLO, MVTec): what they cannot say, by the image's
 * path.
 */
export const SIDECAR = 'looktwice.json';

/** Item paths come back out in exports, so none may lead out of a folder. */
const pathSchema = z
  .string()
  .min(1)
  .max(1024)
  .refine(
    (path) =>
      !/[\\\u0000-\u001f]|^[A-Za-z]:/.test(path) && path.split('/').every((name) => !['', '.', '..'].includes(name)),
    'must be a path below the set',
  );
const sidecarSchema = z.record(z.string(), itemFieldsSchema.extend({ path: pathSchema.optional() }));

/**
 * The fields of each image in a set that we exported; empty for any other.
 * @throws DatasetError when the file is there and damaged
 */
export async function readSidecar(tree: DatasetTree): Promise<Map<string, ItemFields & { path?: string | undefined }>> {
  if (!(await tree.hasFile(SIDECAR))) {
    return new Map();
  }
  try {
    return new Map(Object.entries(sidecarSchema.parse(JSON.parse(await tree.text(SIDECAR)))));
  } catch (error) {
    throw new DatasetError(`${SIDECAR} is damaged: ${messageOf(error)}`);
  }
}
