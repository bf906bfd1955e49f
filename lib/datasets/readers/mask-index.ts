import path from 'node:path';
import { isMaskFolder, splitOfWord } from './label-words';

const WORD = 'mask|masks|gt|label|labels|seg|segmentation|ground_?truth|annotation|defect_?mask|anomaly_?mask';
const SUFFIX = new RegExp(`[_\\- .](?:${WORD})[_\\- ]?\\d*$`, 'i');
const PREFIX = new RegExp(`^(?:${WORD})[_\\- ]`, 'i');
/** Folders that say only how a picture is stored. */
const NEUTRAL = /^(images?|imgs?|rgb|jpegimages|data|\.)$/i;

const folded = (text: string): string => text.normalize('NFC').toLowerCase();
const stemOf = (file: string): string => folded(path.posix.parse(file).name);

/** A mask's name without what marks it as one: `000_mask`, `000_GT`, `mask_000`, `000_mask1` are all of 000. */
const plainStem = (stem: string): string => stem.replace(SUFFIX, '').replace(PREFIX, '');

/** The folders of a picture that tell categories and types apart, those for splits and masks left out. */
function folderKey(file: string): string[] {
  return file
    .split('/')
    .slice(0, -1)
    .filter((name) => !isMaskFolder(name) && !NEUTRAL.test(name) && splitOfWord(name) === null)
    .map(folded);
}

/** True when all of `some` occur in `all`, in this order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const name of all) {
    next += name === some[next] ? 1 : 0;
  }
  return next === some.length;
}

type Mask = { file: string; key: string[] };

/**
 * The masks of a set, by the images they belong to, however the set lays them: in `ground_truth/<type>/`, in `masks/` with or without the images' folders repeated, in a folder with the image's name
 * (MVTec LOCO, several masks an image), beside the image; with or without `_mask`, `_gt` and the like, in any letter case and image format.
 */
export class MaskIndex {
  private readonly files: ReadonlySet<string>;
  private readonly byStem = new Map<string, Mask[]>();

  /** @param images all pictures of the set, masks among them, as paths below its root */
  constructor(images: readonly string[]) {
    const stems = new Set(images.map((file) => `${path.posix.dirname(file)}/${stemOf(file)}`));
    const masks = images.filter((file) => isMask(file, stems));
    this.files = new Set(masks);
    for (const file of masks) {
      const key = folderKey(file);
      this.put(plainStem(stemOf(file)), { file, key });
      if (plainStem(stemOf(file)) !== stemOf(file)) {
        this.put(stemOf(file), { file, key });
      }
      const folder = key.at(-1);
      if (folder !== undefined) {
        this.put(`${folder}/`, { file, key: key.slice(0, -1) });
      }
    }
  }

  get size(): number {
    return this.files.size;
  }

  /** True for a picture that is a mask, not an image of the set. */
  has(file: string): boolean {
    return this.files.has(file);
  }

  /**
   * The masks of an image. `isSure`: they lie in folders of the same names, so they are no other image's.
   */
  find(image: string): { masks: string[]; isSure: boolean } {
    const stem = stemOf(image);
    const key = folderKey(image);
    const own = [...(this.byStem.get(stem) ?? []), ...(this.byStem.get(`${stem}/`) ?? [])];
    const same = own.filter((mask) => mask.key.length === key.length && isWithin(mask.key, key));
    if (same.length > 0) {
      return { masks: same.map(({ file }) => file), isSure: true };
    }
    const fitting = own.filter((mask) => isWithin(mask.key, key));
    const most = fitting.reduce((best, mask) => Math.max(best, mask.key.length), 0);
    return { masks: fitting.filter((mask) => mask.key.length === most).map(({ file }) => file), isSure: false };
  }

  private put(stem: string, mask: Mask): void {
    const others = this.byStem.get(stem);
    if (others === undefined) {
      this.byStem.set(stem, [mask]);
    } else {
      others.push(mask);
    }
  }
}

function isMask(file: string, stems: ReadonlySet<string>): boolean {
  const stem = stemOf(file);
  const isBeside = SUFFIX.test(stem) && stems.has(`${path.posix.dirname(file)}/${stem.replace(SUFFIX, '')}`);
  return isBeside || file.split('/').slice(0, -1).some(isMaskFolder);
}
