import path from 'node:path';
import { IMAGE_ENDINGS } from '../endings';

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

/** True for the name of a folder in which programs and systems keep small copies. */
export const isThumbnails = (name: string): boolean => THUMBNAILS.test(name) || SYSTEM.test(name);

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
 * Takes the images out of a set's files that are no pictures to inspect, where their folder and those beside it say so: thumbnails of images that are there themselves, depths and positions beside `rgb`.
 * @returns `left`: by the folder in which they are
 */
export function partAsides(files: readonly string[]): { kept: string[]; asides: string[]; left: Map<string, LeftOut> } {
  const asides: string[] = [];
  const images = files.filter(isImageName);
  const filled = new Set<string>();
  for (const image of images) {
    const folders = image.split('/').slice(0, -1);
    if (!folders.some(isThumbnails)) {
      folders.forEach((_, depth) => filled.add(folders.slice(0, depth + 1).join('/')));
      filled.add('');
    }
  }
  const beside = new Set([...filled].map((folder) => folder.toLowerCase()));
  const counts = new Map<string, { kind: Kind; count: number }>();
  const kept = files.filter((file) => {
    const aside = isImageName(file) ? asideOf(file, filled, beside) : undefined;
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

/** @param filled folders that have images besides thumbnails, `beside` the same in small letters */
function asideOf(
  file: string,
  filled: ReadonlySet<string>,
  beside: ReadonlySet<string>,
): { folder: string; kind: Kind } | undefined {
  const folders = file.split('/').slice(0, -1);
  for (const [depth, name] of folders.entries()) {
    const parent = folders.slice(0, depth).join('/');
    const folder = folders.slice(0, depth + 1).join('/');
    if (SYSTEM.test(name) || (THUMBNAILS.test(name) && filled.has(parent))) {
      return { folder, kind: 'thumbnails' };
    }
    const hasPictures = beside.has(path.posix.join(parent, PICTURES).toLowerCase());
    if (hasPictures && POSITIONS.test(name) && POSITION_FILE.test(file)) {
      return { folder, kind: 'positions' };
    }
    if (hasPictures && DEPTHS.test(name)) {
      return { folder, kind: 'depths' };
    }
  }
  return undefined;
}
