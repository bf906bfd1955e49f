import path from 'node:path';
import { IMAGE_ENDINGS, LABEL_ENDINGS } from '../endings';
import { isMaskFolder } from './label-words';

/** An entry that is no file of the set: why, and the code of the problem that tells it. */
export type LeftOut = { code: 'unsafe_entry' | 'not_needed'; message: string };

/** Small copies that programs make to show them; what Synology's disks keep of each file. */
const THUMBNAILS = /^(thumbs?|thumbnails?)$/i;
const SYSTEM = /^@eadir$/i;
const PICTURES = 'rgb';
/** Positions in space, a TIFF file for each picture, as MVTec 3D has them in `xyz` beside `rgb`. */
const POSITIONS = /^xyz$/i;
const POSITION_FILE = /\.tiff?$/i;
const DEPTHS = /^depths?([_-]?(maps?|images?))?$/i;

type Kind = 'thumbnails' | 'positions' | 'depths';

const MESSAGES: Readonly<Record<Kind, (count: number) => string>> = {
  thumbnails: (count) =>
    `${count} small ${count === 1 ? 'copy' : 'copies'} of images, in a folder of thumbnails: left out.`,
  positions: (count) =>
    `${count} TIFF ${count === 1 ? 'file holds' : 'files hold'} positions in space, which are no pictures to inspect, beside those in rgb: left out.`,
  depths: (count) =>
    `${count} ${count === 1 ? 'file holds' : 'files hold'} depths, which are no pictures to inspect, beside those in rgb: left out.`,
};

/** True for a file's name that ends as images do. */
export const isImageName = (file: string): boolean => IMAGE_ENDINGS.has(path.posix.extname(file).toLowerCase());

/**
 * Takes the images out of a set's files that are no pictures to inspect, where their folder and the images beside it
 * say so: thumbnails of images that are there themselves, depths and positions of pictures in `rgb`. A folder that has
 * masks, or for whose images there are label files, is none of these.
 * @returns `left`: by the folder in which they are
 */
export function partAsides(files: readonly string[]): {
  kept: string[];
  asides: string[];
  left: Map<string, LeftOut>;
} {
  const set: Names = { stems: new Map(), labelled: new Set() };
  for (const file of files) {
    const { dir, name, ext } = path.posix.parse(folded(file));
    if (isImageName(file)) {
      const stems = set.stems.get(dir) ?? new Set();
      set.stems.set(dir, stems.add(name));
    } else if (LABEL_ENDINGS.has(ext)) {
      dir.split('/').forEach((folder) => set.labelled.add(folder));
    }
  }
  const asides: string[] = [];
  const counts = new Map<string, { kind: Kind; count: number }>();
  const kept = files.filter((file) => {
    const aside = isImageName(file) ? asideOf(file, set) : undefined;
    if (aside !== undefined) {
      const known = counts.get(aside.folder) ?? { kind: aside.kind, count: 0 };
      counts.set(aside.folder, { ...known, count: known.count + 1 });
      asides.push(file);
    }
    return aside === undefined;
  });
  const left = [...counts].map(([folder, { kind, count }]): [string, LeftOut] => [
    folder,
    { code: 'not_needed', message: MESSAGES[kind](count) },
  ]);
  return { kept, asides, left: new Map(left) };
}

/** In small letters: the stems of the images in each folder, and the names of folders in which label files lie. */
type Names = { stems: Map<string, Set<string>>; labelled: Set<string> };

const folded = (file: string): string => file.normalize('NFC').toLowerCase();

function asideOf(file: string, { stems, labelled }: Names): { folder: string; kind: Kind } | undefined {
  const folders = file.split('/').slice(0, -1);
  const stem = folded(path.posix.parse(file).name);
  const below = (depth: number) => folders.slice(0, depth).join('/');
  const hasImage = (folder: string) =>
    [...namesakes(stem)].some((name) => stems.get(folded(folder))?.has(name) === true);
  for (const [depth, name] of folders.entries()) {
    const folder = below(depth + 1);
    if (SYSTEM.test(name)) {
      return { folder, kind: 'thumbnails' };
    }
    if (isMaskFolder(name) || labelled.has(folded(name))) {
      continue;
    }
    const pictures = path.posix.join(below(depth), PICTURES);
    const kind: Kind | undefined = THUMBNAILS.test(name)
      ? hasImage(below(depth)) && !folders.some(isMaskFolder)
        ? 'thumbnails'
        : undefined
      : POSITIONS.test(name) && POSITION_FILE.test(file) && stems.has(folded(pictures))
        ? 'positions'
        : DEPTHS.test(name) && hasImage(pictures) && !folders.some(isMaskFolder)
          ? 'depths'
          : undefined;
    if (kind !== undefined) {
      return { folder, kind };
    }
  }
  return undefined;
}

/** The stem itself, and what is left of it without words at its end: `a_thumb` and `a_depth` are of `a`. */
function* namesakes(stem: string): Generator<string> {
  yield stem;
  yield stem.replace(/[_\- .](thumb(nail)?|small|depths?|\d+x\d+)$/, '');
}
