import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LabelFileFormat, isLabelFileFormat, readSet } from '@/lib/datasets/import/read-set';
import type { ImportListing } from '@/lib/datasets/import/types';
import { LABEL_ENDINGS } from '@/lib/datasets/endings';
import { type FormatName } from '@/lib/datasets/readers/published-sets';
import { findLayout, readDataset } from '@/lib/datasets/readers/read-dataset';
import { DatasetTree } from '@/lib/datasets/readers/tree';
import { DatasetError, type DatasetListing, type LayoutName } from '@/lib/datasets/readers/types';
import { expandStacks } from './expand-stacks';
import { listingOfLabelFiles } from './label-file-set';
import { settleMasks } from './settle-masks';

/**
 * Layouts in which nothing but folders and masks labels the images, so that a label file beside them may say otherwise.
 */
const FOLDERS: readonly LayoutName[] = ['mvtec', 'folder', 'yes-no', 'aitex', 'masks'];

export type EvaluatedFormat = FormatName | LabelFileFormat | 'auto';

/**
 * A set as it is evaluated: by its layout or, where it has none, by the label files of other tools, through the readers
 * of imports. An image that folders call normal is left out where a label file says otherwise, or cannot be read about
 * it.
 *
 * @param directory untrusted, nothing outside it is touched
 * @param scratch an empty folder for drawn masks and the pages of TIFF stacks, which the caller removes
 * @returns `stacks`: how many TIFF files were taken apart
 * @throws DatasetError as `readDataset`
 */
export async function openSet(
  directory: string,
  format: EvaluatedFormat,
  scratch: string,
): Promise<{ listing: DatasetListing; stacks: number }> {
  if (isLabelFileFormat(format)) {
    return byLabelFiles(directory, await readSet(directory, format), scratch);
  }
  if (format === 'auto' && (await findLayout(await DatasetTree.open(directory))) === undefined) {
    const found = await readSet(directory);
    // Images that no label file names have masks alone, or nothing.
    if (found.format !== 'images') {
      return byLabelFiles(directory, found, scratch);
    }
  }
  const read = await readDataset(directory, format);
  const { listing, stacks } = await expandStacks(await compareLabelFiles(read), scratch);
  return { listing: await settleMasks(listing), stacks };
}

async function byLabelFiles(directory: string, found: ImportListing, scratch: string) {
  const { listing, stacks } = await listingOfLabelFiles(directory, found, scratch);
  return { listing: await settleMasks(listing), stacks };
}

/** Does the work with an empty folder for what `openSet` draws and takes apart, and removes it. */
export async function withScratch<Result>(work: (scratch: string) => Promise<Result>): Promise<Result> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'looktwice-set-'));
  try {
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const isLabelFile = (file: string): boolean =>
  LABEL_ENDINGS.has(path.posix.extname(file).toLowerCase()) &&
  !/^(readme|licen[sc]e|notes?)\b/i.test(path.posix.basename(file));

/**
 * Leaves out the normal images of a laid-out set that its label files, read as an import reads them, do not call
 * normal.
 */
async function compareLabelFiles(listing: DatasetListing): Promise<DatasetListing> {
  const tree = await DatasetTree.open(listing.root);
  if (!FOLDERS.includes(listing.layout as LayoutName) || !(await tree.walk()).some(isLabelFile)) {
    return listing;
  }
  const reasons = await readReasons(listing.root);
  const problems = [...listing.problems];
  const unlabelled = [...listing.unlabelled];
  const items = listing.items.filter((item) => {
    const reason = item.label === 0 ? reasons.get(item.path) : undefined;
    if (reason !== undefined) {
      const { id, path: file, category, split } = item;
      problems.push({ code: 'contradiction', where: id, message: `${reason} It is not evaluated.` });
      unlabelled.push({ id, path: file, category, split });
    }
    return reason === undefined;
  });
  return { ...listing, items, unlabelled, problems };
}

/** Why images, by their absolute path, are not normal for an import. */
async function readReasons(root: string): Promise<ReadonlyMap<string, string>> {
  let found: ImportListing;
  try {
    found = await readSet(root);
  } catch (error) {
    if (error instanceof DatasetError) {
      throw new DatasetError(`The label files beside the images cannot be read: ${error.message}`);
    }
    throw error;
  }
  const isDoubt = ({ code }: { code: string }) => code === 'contradiction' || code === 'unlabelled';
  const told = new Map(found.problems.filter(isDoubt).map(({ place, message }) => [place, message]));
  const reasons = new Map<string, string>();
  for (const { path: place, file, label, isLabelledByMask } of found.items) {
    // Masks are looked at later.
    if (label === 'anomalous' && isLabelledByMask !== true) {
      reasons.set(file, 'Its folder says normal, but a label file says anomalous.');
    } else if (label === 'unlabelled' && told.has(place)) {
      reasons.set(file, told.get(place) ?? '');
    }
  }
  return reasons;
}
