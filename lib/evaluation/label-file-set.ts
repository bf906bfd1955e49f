import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { drawAnnotations } from '@/lib/datasets/import/draw-item';
import type { ImportItem, ImportListing } from '@/lib/datasets/import/types';
import {
  DatasetError,
  type DatasetItem,
  type DatasetListing,
  type ListingProblem,
  type UnlabelledItem,
} from '@/lib/datasets/readers/types';
import { EngineError } from '@/lib/engine/errors';
import type { Mask } from '@/lib/segmentation/mask';
import { readImageHeader, readOrientation } from '@/lib/vision/decode';
import { readImageBytes } from '@/lib/vision/mask-picture';
import { copyPage, pagesOf } from './expand-stacks';

type Split = DatasetItem['split'];

/**
 * What an import reads of a set with label files of other tools, as a set to evaluate: the regions drawn as masks,
 * pages of TIFF stacks as files. Images of a set without a test part are tested if they are of its validation part or,
 * failing that, all.
 *
 * @param directory of the set, for messages
 * @param scratch an empty folder for what is drawn and taken apart
 * @throws DatasetError if no image has a label
 */
export async function listingOfLabelFiles(
  directory: string,
  { format, items, problems }: ImportListing,
  scratch: string,
): Promise<{ listing: DatasetListing; stacks: number }> {
  const name = path.basename(path.resolve(directory));
  const told: ListingProblem[] = problems.map(({ code, place, message }) => ({ code, where: place, message }));
  const labelled = items.filter(({ label }) => label !== 'unlabelled');
  if (labelled.length === 0) {
    const [first] = told;
    const reason = first === undefined ? '' : ` First problem: ${first.where}: ${first.message}`;
    throw new DatasetError(`${directory} has label files (${format}) that label no image.${reason}`);
  }
  const splitOf = splitsOf(labelled);
  const taken: DatasetItem[] = [];
  for (const [index, item] of labelled.entries()) {
    const files = await filesOf(item, path.join(scratch, String(index)), told);
    taken.push({
      id: item.path,
      ...files,
      category: item.category ?? name,
      split: splitOf(item),
      type: item.label === 'normal' ? 'good' : (item.defectType ?? 'anomaly'),
      label: item.label === 'normal' ? 0 : 1,
      ...(item.isLabelledByMask === true && { isLabelledByMask: true }),
    });
  }
  const unlabelled = items
    .filter(({ label }) => label === 'unlabelled')
    .map((item): UnlabelledItem => ({
      id: item.path,
      path: item.file,
      category: item.category,
      split: item.split === null ? null : splitOf(item),
      ...(item.isNotLabelled === true && { isNotLabelled: true }),
    }));
  const stacks = new Set(items.flatMap(({ file, page }) => (page === undefined ? [] : file))).size;
  const listing = { name, layout: format, root: path.resolve(directory), items: taken, unlabelled, problems: told };
  return { listing, stacks };
}

/** Which part an image is of: those of no part are tested with those of the test part. */
function splitsOf(items: readonly ImportItem[]): (item: ImportItem) => Split {
  const known = (split: string | null): Split => (split === 'train' || split === 'val' ? split : 'test');
  const parts = new Set(items.map(({ split }) => known(split)));
  const tested: Split = parts.has('test') ? 'test' : parts.has('val') ? 'val' : 'train';
  return ({ split }) => (known(split) === tested ? 'test' : known(split));
}

/** The image and its masks as files: regions are drawn into one beside `stem`. */
async function filesOf(
  item: ImportItem,
  stem: string,
  problems: ListingProblem[],
): Promise<Pick<DatasetItem, 'path' | 'masks'>> {
  const { page } = item;
  const file = page === undefined ? item.file : await copyPage(item.file, page, `${stem}-image.tif`);
  const masks =
    page === undefined
      ? item.masks
      : await Promise.all(
          item.masks.map(async (mask, index) =>
            (await pagesOf(mask)) === 1 ? mask : copyPage(mask, page, `${stem}-mask${index}.tif`),
          ),
        );
  const drawn = item.shapes.length === 0 ? undefined : await draw({ ...item, file }, problems);
  return { path: file, masks: drawn === undefined ? masks : [...masks, await store(drawn, `${stem}-drawn.png`)] };
}

/**
 * What an annotation marks; undefined where that is nothing, and for an image that cannot be read, which is reported
 * when it is looked at.
 */
async function draw(item: ImportItem, problems: ListingProblem[]): Promise<Mask | undefined> {
  let image: { width: number; height: number; orientation: number };
  try {
    const bytes = await readImageBytes(item.file);
    const { width, height } = await readImageHeader(bytes);
    image = { width, height, orientation: await readOrientation(bytes) };
  } catch (error) {
    if (error instanceof EngineError || error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
  const report = (code: string, message: string) => problems.push({ code, where: item.path, message });
  const { mask } = await drawAnnotations(item, image, report);
  return mask.data.includes(1) ? mask : undefined;
}

async function store({ width, height, data }: Mask, file: string): Promise<string> {
  const pixels = data.map((value) => value * 255);
  const picture = sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
  await writeFile(file, await picture.png({ compressionLevel: 1 }).toBuffer());
  return file;
}
