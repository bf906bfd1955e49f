import { createHash } from 'node:crypto';
import { newId } from '@/lib/contract/ids';
import { checkImage, cleanName } from '@/lib/images/receive-image';
import type { ReadyItem } from '@/lib/database/import-jobs';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { maskArea, type Mask } from '@/lib/segmentation/mask';
import { encodeRle } from '@/lib/segmentation/rle';
import { blobs } from '@/lib/storage';
import type { StoredBlob } from '@/lib/storage/blob-store';
import type { CheckedImage } from '@/lib/vision/checker/protocol';
import { MAX_IMAGE_BYTES } from '@/lib/vision/decode';
import { readImageBytes } from '@/lib/vision/mask-picture';
import { maskBox } from '../annotations/shapes';
import type { Label, Part } from '../contract';
import { annotate, readPage } from './draw-item';
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

/**
 * Reads, checks and stores one image, and draws its annotation. A damaged image is skipped; a mask that cannot be read
 * or does not fit is left out, both with a problem. Errors that are not the file's fault (disk full) are thrown.
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

/**
 * What masks make of a label: of one that they alone decide, and of "normal", which no mask that marks something leaves
 * standing.
 */
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

function toMask(mask: Mask, parts: Part[], label: string) {
  return {
    rle: encodeRle(mask),
    bbox: maskBox(mask) ?? [0, 0, 0, 0],
    areaFraction: maskArea(mask) / (mask.width * mask.height),
    label,
    ...(parts.length > 0 && { parts }),
  };
}
