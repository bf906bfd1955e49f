import path from 'node:path';
import { classOfFolder, normalBelow } from './class-folders';
import { Collector } from './collector';
import { isMaskFolder } from './label-words';
import { type DatasetTree } from './tree';

type Category = { folder: string; normal: string[]; anomalous: string[]; hasMasks: boolean };

/**
 * A plain folder: `normal/` (or good, ok ...) and `anomalous/` (or defect, bad ...), masks if there are any in `masks/`
 * under the image's name, with the images' folders repeated or not. The root may hold several such folders, one per
 * category. Everything is test data.
 */
export async function readFolder(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  for (const { folder, normal, anomalous, hasMasks } of await folderCategories(tree)) {
    const category = folder === '.' ? tree.name : folder;
    for (const [names, label] of [
      [normal, 0],
      [anomalous, 1],
    ] as const) {
      for (const name of names) {
        const base = path.posix.join(folder, name);
        const images = await collector.imagesBelow(base);
        if (images.length === 0) {
          collector.report('empty_folder', base, 'The folder has no images.');
        }
        const whose = { category, split: 'test' } as const;
        for (const image of label === 0 ? await normalBelow(collector, base, images, whose) : images) {
          const type = label === 0 ? 'good' : typeOf(base, image);
          const stated = { image, ...whose, type, label } as const;
          await collector.add({ ...stated, masks: 'find' }, hasMasks);
        }
      }
    }
  }
  return collector;
}

/** The categories of a plain folder; empty if the root does not look like one. */
export async function folderCategories(tree: DatasetTree): Promise<Category[]> {
  const { directories } = await tree.list();
  const own = categoryOf('.', directories);
  if (own) {
    return [own];
  }
  const found: Category[] = [];
  for (const directory of directories) {
    const category = categoryOf(directory, (await tree.list(directory)).directories);
    if (category) {
      found.push(category);
    }
  }
  return found;
}

function categoryOf(folder: string, directories: readonly string[]): Category | undefined {
  const labelled = (label: string): string[] => directories.filter((name) => classOfFolder(name) === label);
  const [normal, anomalous] = [labelled('normal'), labelled('anomalous')];
  return normal.length + anomalous.length > 0
    ? { folder, normal, anomalous, hasMasks: directories.some(isMaskFolder) }
    : undefined;
}

/** `anomalous/scratch/1.png` is of type scratch, `anomalous/1.png` of type anomaly. */
function typeOf(base: string, image: string): string {
  const inner = path.posix.dirname(path.posix.relative(base, image));
  return inner === '.' ? 'anomaly' : inner;
}
