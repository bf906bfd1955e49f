import path from 'node:path';
import type { Collector } from './collector';
import { namesDefect } from './defect-words';
import { isOpenWord, labelOfWord } from './label-words';
import { someNamed } from './some-named';

/** Parts of a class folder's name that only part its images: `ok_front`, `good_2`, `000_good`, `ng_cam1`. */
const PLACE =
  /^(\d+|front|back|rear|top|bottom|left|right|side|inner|outer|inside|outside|(cam(era)?|view|station|batch|part)\d+)$/i;

/**
 * What the name of a class's folder says of its images; `open`: that nobody has decided. Undefined for a name of its
 * own, such as a defect's.
 */
export function classOfFolder(name: string): 'normal' | 'anomalous' | 'open' | undefined {
  if (isOpenWord(name)) {
    return 'open';
  }
  const rest = name.split(/[_\s-]+/).filter((word) => !PLACE.test(word));
  return labelOfWord(name) ?? labelOfWord(rest.join(' '));
}

/**
 * Parts the images below a folder for normal ones into those that are, and those of which a folder further down says
 * that they are not or that nobody knows (`good/rejected`, `ok/unsure`, `normal/scratch` beside `normal/good`): the
 * latter are unlabelled, and told.
 *
 * @param base the folder whose name says normal
 * @returns the images that are normal
 */
export async function normalBelow(
  collector: Collector,
  base: string,
  images: readonly string[],
  whose: { category: string; split: 'train' | 'test' | 'val' },
): Promise<string[]> {
  const foldersOf = (image: string) => path.posix.relative(base, image).split('/').slice(0, -1);
  // Where `normal` holds a folder for good ones, it names the light or the day, and its folders are the classes.
  const holdsClasses = images.some((image) => labelOfWord(foldersOf(image)[0] ?? '') === 'normal');
  const kept: string[] = [];
  const open = new Map<string, string[]>();
  for (const image of images) {
    const folders = foldersOf(image);
    const said = folders.map(classOfFolder).findLast((label) => label !== undefined);
    const isOther = folders.some(namesDefect) || (holdsClasses && folders.length > 0 && said === undefined);
    if (said === 'anomalous' || said === 'open' || isOther) {
      const folder = path.posix.dirname(image);
      const names = open.get(folder) ?? [];
      names.push(path.posix.basename(image));
      open.set(folder, names);
      await collector.doubt(image, whose);
    } else {
      kept.push(image);
    }
  }
  for (const [folder, names] of open) {
    const which = someNamed(names, 'image');
    const message = `The folder ${base} says normal, a folder in it says otherwise: ${which} unlabelled.`;
    collector.report('contradiction', folder, message);
  }
  return kept;
}
