import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { maskArea, type Mask } from '@/lib/segmentation/mask';
import { imageChecker } from '@/lib/vision/checker/pool';
import type { MaskPicture } from '@/lib/vision/mask-picture';
import { countTiffPages, extractTiffPage, withFileAt } from '@/lib/vision/tiff-pages';
import { type Fit, fitSizes, moveMask, toOrientation } from '../annotations/fit';
import { drawShapes, extentOf, type Shape, sizeOfMasks, unite } from '../annotations/shapes';
import type { Part } from '../contract';
import type { ImportItem } from './types';

/** A mask picture that marks more than this share of its image is seldom meant so. */
const MOSTLY = 0.6;

/** Takes what is wrong with an annotation, or good to know about it. */
export type Report = (code: string, message: string) => void;

/** An image as it is shown, in px, and how EXIF turned it. */
export type ShownImage = { width: number; height: number; orientation: number };

/** A page of a TIFF stack, from 0, as a file of its own. */
export const readPage = (file: string, page: number): Promise<Buffer> =>
  withFileAt(file, (read) => extractTiffPage(read, page));

/**
 * Draws what label files mark on an image, with its mask pictures.
 * @returns undefined where nothing is marked; `isMarked`: a mask picture marks something
 */
export async function annotate(
  item: ImportItem,
  image: ShownImage,
  report: Report,
): Promise<{ mask: Mask; parts: Part[]; isMarked: boolean } | undefined> {
  const { width, height } = image;
  let [isMarked, isFitting] = [false, false];
  const { mask, parts } = await drawAnnotations(item, image, report);
  for (const file of item.masks) {
    try {
      const picture = await readMask(file, item.page);
      const fit = fitSizes(picture, { width, height }, toOrientation(image.orientation));
      if ('misfit' in fit) {
        report(
          'mask_size',
          `The mask has ${picture.width} x ${picture.height} px, the image ${width} x ${height} px; it is left out.`,
        );
        continue;
      }
      tellFit(fit, report);
      const moved = { width, height, data: moveMask(picture.data, fit) };
      const share = maskArea(moved) / moved.data.length;
      isFitting = true;
      isMarked ||= share > 0;
      if (share > MOSTLY) {
        const message = `The mask marks ${Math.round(share * 100)} % of the image. If it is black on white, turn it round and import again.`;
        report('large_mask', message);
      }
      unite(mask, moved);
    } catch (error) {
      report('unreadable_mask', `The mask is left out: ${messageOf(error)}`);
    }
  }
  if (!mask.data.includes(1)) {
    if (isFitting && item.label === 'anomalous' && item.isLabelledByMask !== true) {
      report('empty_mask', 'The mask of the anomalous image is empty; the image is taken without one.');
    }
    return undefined;
  }
  // One instance of the item's own type, drawn as pixels, is what a mask without parts means.
  const [only] = parts;
  const isPlain = parts.length === 1 && only?.shape === 'mask' && only.label === (item.defectType ?? 'anomaly');
  return { mask, parts: item.masks.length > 0 || isPlain ? [] : parts, isMarked };
}

/** A mask in the checker's process; of a stack, the page that belongs to the image. */
async function readMask(file: string, page: number | undefined): Promise<MaskPicture> {
  if (page === undefined || (await withFileAt(file, countTiffPages)) === 1) {
    return imageChecker().readMask(file);
  }
  return readPicture(await readPage(file, page));
}

/** Reads a mask that is no file of its own. */
async function readPicture(bytes: Uint8Array): Promise<MaskPicture> {
  const directory = await mkdtemp(join(tmpdir(), 'looktwice-mask-'));
  try {
    const file = join(directory, 'mask');
    await writeFile(file, bytes);
    return await imageChecker().readMask(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Draws the shapes of an annotation alone; what cannot be drawn is reported and left out. */
export async function drawAnnotations(item: ImportItem, { width, height, orientation }: ShownImage, report: Report) {
  const size = { width, height };
  const shapes = await decodePictures(item.shapes, report);
  const fit = fitSizes(item.size ?? sizeOfMasks(shapes), size, toOrientation(orientation), extentOf(shapes));
  if ('misfit' in fit) {
    if (shapes.length > 0) {
      report('size_mismatch', `${fit.misfit} The image is taken without a mask.`);
    }
    return drawShapes([], size);
  }
  if (shapes.length > 0) {
    tellFit(fit, report);
  }
  const drawn = drawShapes(shapes, size, fit);
  drawn.problems.forEach((message) => report('bad_shape', message));
  return drawn;
}

function tellFit({ note }: Fit, report: Report): void {
  if (note !== null) {
    report('moved', note);
  }
}

/** Decodes masks that are pictures within a label file, in the checker's process as all pictures of strangers. */
async function decodePictures(shapes: readonly Shape[], report: Report): Promise<Shape[]> {
  const decoded: Shape[] = [];
  for (const shape of shapes) {
    if (shape.kind !== 'picture') {
      decoded.push(shape);
      continue;
    }
    try {
      const { width, height, data } = await readPicture(Buffer.from(shape.base64, 'base64'));
      const place = shape.isWhole ? {} : { x: shape.x, y: shape.y };
      decoded.push({
        kind: 'pixels',
        label: shape.label,
        ...place,
        width,
        height,
        data: data.map((value) => value * 255),
      });
    } catch (error) {
      if (!(error instanceof EngineError)) {
        throw error;
      }
      report('bad_shape', `An annotation (${shape.label}) is left out: ${error.message}`);
    }
  }
  return decoded;
}
