import path from 'node:path';
import { isDrawingFolder, isMaskFolder, splitOfWord } from './label-words';
import { pairedMasks } from './paired-masks';
import { type DatasetTree, isImageName } from './tree';

const WORD = 'mask|masks|gt|label|labels|seg|segmentation|ground_?truth|annotation|defect_?mask|anomaly_?mask';
const SUFFIX = new RegExp(`[_\\- .](?:${WORD})[_\\- ]?\\d*$`, 'i');
const PREFIX = new RegExp(`^(?:${WORD})[_\\- ]`, 'i');
/** Pictures of a finding that tools draw to be looked at, and write beside the image. */
const DRAWN = /[_\- .](?:overlay|heat_?map|anomaly_?map|visuali[sz]ation|vis|viz)$/i;
/** Folders that say only how a picture is stored. */
const NEUTRAL = /^(images?|imgs?|rgb|jpegimages|data|\.)$/i;

const folded = (text: string): string => text.normalize('NFC').toLowerCase();
const stemOf = (file: string): string => folded(path.posix.parse(file).name);

/** A mask's name without what marks it as one: `000_mask`, `000_GT`, `mask_000`, `000_mask1` are all of 000. */
const plainStem = (stem: string): string => stem.replace(SUFFIX, '').replace(PREFIX, '');

/**
 * What is left of a picture's name, in small letters, when all words at its ends that mark masks are taken off: two
 * pictures of one folder with the same rest may be taken for image and mask.
 */
export function unmarkedStem(file: string): string {
  let [stem, shorter] = [stemOf(file), plainStem(stemOf(file))];
  while (shorter !== stem) {
    [stem, shorter] = [shorter, plainStem(shorter)];
  }
  return stem;
}

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

/** `isGuess`: named after the image only if its name is stripped at both ends. */
type Mask = { file: string; key: string[]; split: string | null; isGuess: boolean };

const splitOf = (file: string): string | null =>
  file
    .split('/')
    .slice(0, -1)
    .map(splitOfWord)
    .find((split) => split !== null) ?? null;

/**
 * The masks of a set, by the images they belong to, however the set lays them: in `ground_truth/<type>/`, in `masks/`
 * with or without the images' folders repeated, in a folder with the image's name (MVTec LOCO, several masks an image),
 * beside the image; with or without `_mask`, `_gt` and the like, in any letter case and image format.
 */
export class MaskIndex {
  private readonly files: ReadonlySet<string>;
  private readonly byStem = new Map<string, Mask[]>();
  /** Stems of the pictures that are no masks. */
  private readonly stems: ReadonlySet<string>;

  /**
   * @param images all pictures of the set, masks among them, as paths below its root
   * @param paired those that are masks though nothing in their names says so
   */
  constructor(images: readonly string[], paired: ReadonlySet<string> = new Set()) {
    const masks = masksAmong(images, paired);
    this.files = new Set(masks);
    this.stems = new Set(images.filter((file) => !this.files.has(file)).map(stemOf));
    for (const file of masks.filter((name) => !isDrawing(name))) {
      const [stem, key, split] = [stemOf(file), folderKey(file), splitOf(file)];
      const ending = stem.replace(SUFFIX, '');
      for (const named of new Set([stem, ending, plainStem(stem)])) {
        // `mask_a_mask` is of an image `mask_a`, if there is one, rather than of `a`.
        this.put(named, { file, key, split, isGuess: named !== stem && ending !== stem && named !== ending });
      }
      const folder = key.at(-1);
      if (folder !== undefined) {
        this.put(`${folder}/`, { file, key: key.slice(0, -1), split, isGuess: false });
      }
    }
  }

  /**
   * The masks among all pictures of a set.
   * @param hasPairs whether a PNG file may be the mask of the JPEG file with its name (`pairedMasks`), as in sets
   *   without label files
   */
  static async of(tree: DatasetTree, hasPairs: boolean): Promise<MaskIndex> {
    const images = (await tree.walk()).filter(isImageName);
    return new MaskIndex(images, hasPairs ? await pairedMasks(tree, images) : new Set());
  }

  /** True for a picture that is a mask, or a drawing of one, and not an image of the set. */
  has(file: string): boolean {
    return this.files.has(file);
  }

  /**
   * The masks of an image. `isSure`: they lie in folders of the same names, so they are no other image's.
   */
  find(image: string): { masks: string[]; isSure: boolean } {
    const stem = stemOf(image);
    const key = folderKey(image);
    const split = splitOf(image);
    // `test/good/gt/000.png` is not of `train/good/000.png`; masks beside the splits are of either.
    const whole = folded(path.posix.basename(image));
    // `a.jpg.png` is of `a.jpg`, unless there is an image `a.jpg.jpg` or the like.
    const ofWhole = this.stems.has(whole) ? [] : (this.byStem.get(whole) ?? []);
    const named = [...(this.byStem.get(stem) ?? []), ...(this.byStem.get(`${stem}/`) ?? []), ...ofWhole].filter(
      (mask) => mask.file !== image && (mask.split === null || split === null || mask.split === split),
    );
    const certain = named.filter(({ isGuess }) => !isGuess);
    const own = certain.length > 0 ? certain : named;
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

const isDrawing = (file: string): boolean =>
  DRAWN.test(stemOf(file)) || file.split('/').slice(0, -1).some(isDrawingFolder);

const isInMaskFolder = (file: string): boolean => file.split('/').slice(0, -1).some(isMaskFolder);

/**
 * The pictures in folders for masks, and those that lie beside an image and are named after it, unless they have masks
 * in such folders themselves: `a_gt.png` beside `a.png` is an image when there is `masks/a_gt_mask.png`.
 */
function masksAmong(images: readonly string[], paired: ReadonlySet<string>): string[] {
  const stems = new Set(images.map((file) => `${path.posix.dirname(file)}/${stemOf(file)}`));
  const inFolders = images.filter(isInMaskFolder);
  const byEnding = new Map<string, string[][]>();
  for (const file of inFolders) {
    const stem = stemOf(file);
    const ending = stem.replace(SUFFIX, '');
    // A mask named exactly as the picture tells them apart only if the other one has a mask named exactly, too.
    const isTwin = ending !== stem && stems.has(`${path.posix.dirname(file)}/${ending}`);
    for (const named of isTwin ? [ending, stem] : [ending]) {
      const keys = byEnding.get(named) ?? [];
      keys.push(folderKey(file));
      byEnding.set(named, keys);
    }
  }
  return images.filter((file) => {
    const stem = stemOf(file);
    const isNamedAfter = (bare: string) => bare !== stem && stems.has(`${path.posix.dirname(file)}/${bare}`);
    const isBeside = isNamedAfter(stem.replace(SUFFIX, '')) || isNamedAfter(stem.replace(DRAWN, ''));
    const hasMask = () => (byEnding.get(stem) ?? []).some((key) => isWithin(key, folderKey(file)));
    return isInMaskFolder(file) || paired.has(file) || (isBeside && !hasMask());
  });
}
