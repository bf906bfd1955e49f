import path from 'node:path';
import { classOfFolder, normalBelow } from './class-folders';
import { Collector } from './collector';
import { isMaskFolder, splitOfWord } from './label-words';
import { type DatasetTree, isImageName } from './tree';

/** Folders within a split that say nothing about their images. */
const PLAIN = /^(images?|imgs?|data|rgb|jpegimages)$/i;

/** True for a folder of a split that names what its images are; what nobody has decided is no type of defect. */
const isType = (name: string): boolean => !isMaskFolder(name) && !PLAIN.test(name) && classOfFolder(name) !== 'open';

/** The folders in which the files lie, and all above them. */
function foldersOf(files: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = file.lastIndexOf('/'); at !== -1; at = file.lastIndexOf('/', at - 1)) {
      const folder = file.slice(0, at);
      if (folders.has(folder)) {
        break;
      }
      folders.add(folder);
    }
  }
  return folders;
}

/** Category folders below the root (`.` if the root is itself a category). */
export async function mvtecCategories(tree: DatasetTree): Promise<string[]> {
  const withImages = foldersOf((await tree.walk()).filter(isImageName));
  // Images right in `train` and `test` have no types: their labels are in tables or masks.
  const hasTypes = async (folder: string): Promise<boolean> =>
    (await tree.list(folder)).directories.some((name) => isType(name) && withImages.has(path.posix.join(folder, name)));
  const isCategory = async (folder: string): Promise<boolean> => {
    const { directories } = await tree.list(folder);
    for (const name of directories) {
      const [split, inner] = [splitOfWord(name), path.posix.join(folder, name)];
      const isTrain = split === 'train';
      const isGood = isTrain && (await tree.list(inner)).directories.some((type) => classOfFolder(type) === 'normal');
      if (isGood || (split === 'test' && (await hasTypes(inner)))) {
        return true;
      }
    }
    return false;
  };
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
 * MVTec AD's layout, shared by BTAD, MPDD, WFDD, MVTec LOCO and AD 2 and many others: `<category>/train/good`,
 * `<category>/test/<type>`, in both any folders below, `validation` and `test_public` alike; masks in
 * `ground_truth/<type>` (lib/datasets/readers/mask-index).
 */
export async function readMvtec(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  for (const folder of await mvtecCategories(tree)) {
    const category = folder === '.' ? tree.name : folder;
    const hasMasks = await hasMaskFolder(tree, folder);
    for (const name of (await tree.list(folder)).directories) {
      const split = splitOfWord(name);
      if (split === null) {
        continue;
      }
      const inner = await tree.list(path.posix.join(folder, name));
      for (const type of inner.directories.filter(isType)) {
        await readType(collector, path.posix.join(folder, name, type), { category, split, type, hasMasks });
      }
    }
  }
  return collector;
}

async function hasMaskFolder(tree: DatasetTree, folder: string): Promise<boolean> {
  const prefix = folder === '.' ? '' : `${folder}/`;
  return (await tree.walk()).some(
    (file) => file.startsWith(prefix) && isImageName(file) && file.split('/').slice(0, -1).some(isMaskFolder),
  );
}

type Kind = { category: string; split: 'train' | 'test' | 'val'; type: string; hasMasks: boolean };

async function readType(collector: Collector, base: string, { category, split, type, hasMasks }: Kind): Promise<void> {
  const isNormal = classOfFolder(type) === 'normal';
  const images = await collector.imagesBelow(base);
  if (images.length === 0) {
    collector.report('empty_folder', base, 'The folder has no images.');
  }
  for (const image of isNormal ? await normalBelow(collector, base, images, { category, split }) : images) {
    const stated = { image, category, split, type: isNormal ? 'good' : type } as const;
    await collector.add({ ...stated, label: isNormal ? 0 : 1, masks: 'find' }, hasMasks);
  }
}
