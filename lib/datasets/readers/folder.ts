import path from 'node:path';
import { Collector } from './collector';
import { findMask, maskIndex } from './mvtec';
import { type DatasetTree } from './tree';

const NORMAL = ['normal', 'good', 'ok', 'negative', 'healthy'];
const ANOMALOUS = ['anomalous', 'anomaly', 'abnormal', 'defect', 'defective', 'bad', 'ng', 'nok', 'positive'];
const MASKS = ['masks', 'mask', 'ground_truth'];

type Category = { folder: string; normal: string[]; anomalous: string[]; masks: string | undefined };

/**
 * A plain folder: `normal/` (or good, ok ...) and `anomalous/` (or defect, bad ...), masks if there are any in `masks/` under the image's
 * name or with `_mask`. The root may hold several such folders, one per category. Everything is test data.
 */
export async function readFolder(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  for (const { folder, normal, anomalous, masks } of await folderCategories(tree)) {
    const category = folder === '.' ? tree.name : folder;
    const index =
      masks === undefined ? new Map<string, string>() : await maskIndex(tree, path.posix.join(folder, masks));
    for (const [names, label] of [
      [normal, 0],
      [anomalous, 1],
    ] as const) {
      for (const name of names) {
        const images = await tree.images(path.posix.join(folder, name));
        if (images.length === 0) {
          collector.report('empty_folder', path.posix.join(folder, name), 'The folder has no images.');
        }
        for (const image of images) {
          const mask = label === 1 ? findMask(index, path.parse(image).name) : undefined;
          const type = label === 0 ? 'good' : typeOf(path.posix.join(folder, name), image);
          const stated = {
            image,
            masks: mask === undefined ? [] : [mask],
            category,
            split: 'test',
            type,
            label,
          } as const;
          await collector.add(stated, masks !== undefined);
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
  const named = (names: readonly string[]): string[] =>
    directories.filter((name) => names.includes(name.toLowerCase()));
  const [normal, anomalous] = [named(NORMAL), named(ANOMALOUS)];
  return normal.length + anomalous.length > 0 ? { folder, normal, anomalous, masks: named(MASKS)[0] } : undefined;
}

/** `anomalous/scratch/1.png` is of type scratch, `anomalous/1.png` of type anomaly. */
function typeOf(base: string, image: string): string {
  const inner = path.posix.dirname(path.posix.relative(base, image));
  return inner === '.' ? 'anomaly' : inner;
}
