import path from 'node:path';
import { Collector } from './collector';
import { type DatasetTree } from './tree';

/** Folder names that hold normal images, in any letter case: MVTec AD `good`, BTAD `ok`. */
const NORMAL = new Set(['good', 'ok', 'normal']);
/** `_mask` (MVTec AD, MPDD), none (BTAD, WFDD), `_gt`. */
const MASK_SUFFIXES = ['_mask', '', '_gt'];

/** Category folders below the root (`.` if the root is itself a category). */
export async function mvtecCategories(tree: DatasetTree): Promise<string[]> {
  const isCategory = async (folder: string): Promise<boolean> =>
    (await tree.hasFolder(path.posix.join(folder, 'test'))) ||
    (await tree.hasFolder(path.posix.join(folder, 'train', 'good')));
  if (await isCategory('.')) {
    return ['.'];
  }
  const { directories } = await tree.list();
  const found: string[] = [];
  for (const directory of directories) {
    if (await isCategory(directory)) {
      found.push(directory);
    }
  }
  return found;
}

/**
 * MVTec AD's layout, shared by BTAD, MPDD, WFDD and many others: `<category>/train/good`, `<category>/test/<type>`,
 * `<category>/ground_truth/<type>/<stem>_mask.png`. Masks may lack the suffix and have another extension (BTAD).
 */
export async function readMvtec(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  for (const folder of await mvtecCategories(tree)) {
    const category = folder === '.' ? tree.name : folder;
    const hasMasks = await tree.hasFolder(path.posix.join(folder, 'ground_truth'));
    for (const split of ['train', 'test'] as const) {
      const types = (await tree.list(path.posix.join(folder, split))).directories;
      for (const type of types) {
        const isNormal = NORMAL.has(type.toLowerCase());
        const base = path.posix.join(folder, split, type);
        const { images } = await tree.list(base);
        if (images.length === 0) {
          collector.report('empty_folder', base, 'The folder has no images.');
        }
        const masks =
          isNormal || !hasMasks ? new Map() : await maskIndex(tree, path.posix.join(folder, 'ground_truth', type));
        for (const image of images) {
          const mask = findMask(masks, path.parse(image).name);
          await collector.add(
            {
              image: path.posix.join(base, image),
              masks: mask === undefined ? [] : [mask],
              category,
              split,
              type: isNormal ? 'good' : type,
              label: isNormal ? 0 : 1,
            },
            hasMasks,
          );
        }
      }
    }
  }
  return collector;
}

/** Mask files of a folder by their stem. */
export async function maskIndex(tree: DatasetTree, folder: string): Promise<Map<string, string>> {
  const { images } = await tree.list(folder);
  return new Map(images.map((image) => [path.parse(image).name, path.posix.join(folder, image)]));
}

/** The mask of an image by its stem, whatever suffix the set uses. */
export function findMask(masks: ReadonlyMap<string, string>, stem: string): string | undefined {
  return MASK_SUFFIXES.map((suffix) => masks.get(stem + suffix)).find((mask) => mask !== undefined);
}
