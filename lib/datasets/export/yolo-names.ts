import path from 'node:path';
import { fitName } from '../fit-name';

/** What would end a line of a split's list, for one reader or another. */
const BREAKS = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/g;

/** Bytes by which `.txt` may be longer than the ending of an image. */
const LABEL_ROOM = 3;

/** Text files of these names list the classes for some tools, also beside the labels. */
const ARE_LISTS = /^(predefined_)?classes$/i;

/**
 * Names for the images of a YOLO export: below `images/`, each with a label file of its own below `labels/`, on every
 * file system. Tools find the label file by replacing the last `images` folder of the path and the ending, so two
 * images may not differ by their ending, by case or by the way their accents are written alone, and no further folder
 * may be called `images`.
 */
export class YoloNames {
  private readonly taken = new Set<string>();

  /** The label file of an image that `imageOf` named. */
  static labelsOf(image: string): string {
    return `labels/${image.slice('images/'.length).replace(/\.[^./]+$/, '')}.txt`;
  }

  /**
   * @param item path of the item inside its set
   * @returns path of the image in the export; the item's own below `images/` where that is free
   */
  imageOf(item: string): string {
    const clean = item
      .replace(BREAKS, '_')
      .replace(/^images\//, '')
      .split('/')
      // Lists of images are trimmed line by line.
      .map((name) => name.replace(/^\s+|\s+$/g, '_'));
    const file = clean.pop() ?? '';
    const folders = clean.map((name) => fitName(name.toLowerCase() === 'images' ? `${name}_` : name));
    const { name: stem, ext } = path.posix.parse(file);
    // A label file's ending may be longer than the image's.
    const named = (own: string) => ['images', ...folders, fitName(`${own}${ext}`, LABEL_ROOM)].join('/');
    const ending = ext.slice(1).toLowerCase();
    for (let number = ARE_LISTS.test(stem) ? 1 : 0; ; number += 1) {
      const own = number === 0 ? stem : number === 1 ? `${stem}_${ending}` : `${stem}_${ending}_${number}`;
      const image = named(own);
      const key = YoloNames.labelsOf(image).normalize('NFC').toLowerCase();
      if (!this.taken.has(key)) {
        this.taken.add(key);
        return image;
      }
    }
  }
}
