import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@/lib/assistant/contract/ids';
import { checkImage, cleanName } from '@/lib/assistant/images/receive-image';
import type { ReadyItem } from '@/lib/database/import-jobs';
import { EngineError, messageOf } from '@/lib/engine/errors';
import { maskArea, type Mask } from '@/lib/segmentation/mask';
import { encodeRle } from '@/lib/segmentation/rle';
import { blobs } from '@/lib/storage';
import type { StoredBlob } from '@/lib/storage/blob-store';
import { imageChecker } from '@/lib/vision/checker/pool';
import type { CheckedImage } from '@/lib/vision/checker/protocol';
import { MAX_IMAGE_BYTES } from '@/lib/vision/decode';
import { type MaskPicture, readImageBytes } from '@/lib/vision/mask-picture';
import { countTiffPages, extractTiffPage, withFileAt } from '@/lib/vision/tiff-pages';
import { type Fit, fitSizes, moveMask, toOrientation } from '../annotations/fit';
import { drawShapes, extentOf, maskBox, type Shape, sizeOfMasks, unite } from '../annotations/shapes';
import type { Label, Part } from '../contract';
import { reading } from './reader/whereabouts';
import type { ImportItem, ImportProblem } from './types';

/** `refused`: the key of a file that was stored and turned out to be no image; it is to be removed. */
export type PreparedItem = { ready: ReadyItem | null; problems: ImportProblem[]; refused?: string };

type Stored = { blob: StoredBlob; image: CheckedImage } | { blob: StoredBlob; problem: string };

/** Stores an image and decodes it in the checker's process, as uploads are. */
async function storeImage({ file, page }: ImportItem): Promise<Stored> {
  const store = blobs();
  const bytes = page === undefined ? await readImageBytes(file) : await readPage(file, page);
  const blob = await store.write([bytes], MAX_IMAGE_BYTES);
  try {
    return { blob, image: await checkImage(store, blob.key, bytes) };
  } catch (error) {
    if (error instanceof EngineError) {
      return { blob, problem: error.message };
    }
    throw error;
  }
}

const readPage = (file: string, page: number): Promise<Buffer> =>
  withFileAt(file, (read) => extractTiffPage(read, page));

/**
 * Reads, checks and stores one image, and draws its annotation. A damaged image is skipped; a mask that cannot be read or does not fit is left out, both with a problem.
 * Errors that are not the file's fault (disk full) are thrown.
 */
export async function prepareItem(item: ImportItem): Promise<PreparedItem> {
  const problems: ImportProblem[] = [];
  const report = (code: string, message: string) => problems.push({ code, place: item.path, message });
  reading(item.path);
  let stored: Stored;
  try {
    stored = await storeImage(item);
  } catch (error) {
    if (!(error instanceof EngineError || error instanceof RangeError || isMissing(error))) {
      throw error;
    }
    report('unreadable_image', `Skipped: ${messageOf(error)}`);
    return { ready: null, problems };
  }
  const { blob } = stored;
  if ('problem' in stored) {
    report('unreadable_image', `Skipped: ${stored.problem}`);
    return { ready: null, problems, refused: blob.key };
  }
  const { image } = stored;
  const { width, height, mime, notes } = image;
  notes.forEach((note) => report('read_as', note));
  // Once more, since others were begun meanwhile, and drawing is what can take long.
  reading(item.path);
  const drawn = await annotate(item, image, report);
  const mask = drawn === undefined ? null : toMask(drawn.mask, drawn.parts, item.defectType ?? 'anomaly');
  const { path, split, category, defectType, text, exchanges } = item;
  const isUnread = problems.some(({ code }) => code === 'unreadable_mask' || code === 'mask_size');
  const label = labelByMasks(item, { isUnread, isDrawn: mask !== null, isMarked: drawn?.isMarked === true });
  if (label !== item.label && item.label === 'normal') {
    const what = isUnread ? 'its mask cannot be read' : 'its mask marks something';
    report('contradiction', `The set says normal, but ${what}: the image is unlabelled.`);
  }
  const fields = {
    path,
    split,
    category,
    label,
    defectType,
    description: text.description ?? null,
    impact: text.impact ?? null,
    suggestion: text.suggestion ?? null,
    ...(exchanges.length > 0 && { exchanges }),
  };
  const stated = JSON.stringify([blob.key, fields, mask && [mask.rle, mask.parts]]);
  const importHash = createHash('sha256').update(stated).digest('hex');
  return {
    ready: {
      itemId: newId(),
      image: { id: newId(), sha256: blob.key, name: cleanName(path), mime, width, height, bytes: blob.bytes },
      mask: mask && { id: newId(), ...mask },
      fields: { ...fields, importHash },
    },
    problems,
  };
}

/** What masks make of a label: of one that they alone decide, and of "normal", which no mask that marks something leaves standing. */
function labelByMasks(
  { label, masks, isLabelledByMask }: ImportItem,
  { isUnread, isDrawn, isMarked }: { isUnread: boolean; isDrawn: boolean; isMarked: boolean },
): Label {
  if (isLabelledByMask === true) {
    return isUnread ? 'unlabelled' : isDrawn ? label : 'normal';
  }
  return label === 'normal' && masks.length > 0 && (isUnread || isMarked) ? 'unlabelled' : label;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
}

/** A mask picture that marks more than this share of its image is seldom meant so. */
const MOSTLY = 0.6;

type Report = (code: string, message: string) => void;

type Image = { width: number; height: number; orientation: number };

async function annotate(
  item: ImportItem,
  image: Image,
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

async function drawAnnotations(item: ImportItem, { width, height, orientation }: Image, report: Report) {
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

function toMask(mask: Mask, parts: Part[], label: string) {
  return {
    rle: encodeRle(mask),
    bbox: maskBox(mask) ?? [0, 0, 0, 0],
    areaFraction: maskArea(mask) / (mask.width * mask.height),
    label,
    ...(parts.length > 0 && { parts }),
  };
}
