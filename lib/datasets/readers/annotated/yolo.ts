import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Shape } from '../../annotations/shapes';
import { messageOf } from '@/lib/engine/errors';
import { readSidecar } from '../../annotations/sidecar';
import { statedFields } from '../../annotations/item-fields';
import type { DatasetTree } from '../tree';
import { DatasetError } from '../types';
import { commonLabel } from './coco';
import { AnnotatedCollector } from './collector';
import { describeIssue } from './json';

const place = z.union([z.string(), z.array(z.string())]).nullish();
const dataSchema = z.object({
  names: z.union([z.array(z.coerce.string()), z.record(z.string(), z.coerce.string())]).optional(),
  train: place,
  val: place,
  test: place,
});
type Pair = { images: string; labels: string; split?: string };

/** CVAT's "YOLO 1.1": images and rows beside each other, one folder a subset. */
const BESIDE = { obj_train_data: 'train', obj_valid_data: 'val', obj_test_data: 'test' } as const;

/**
 * Pairs of an image folder and its label folder: those that the YAML file names for a split (`images` in the path becomes `labels`), then `images/` + `labels/`,
 * `<split>/images` + `<split>/labels`, and CVAT's folders. One may contain another; the first that has an image counts.
 */
async function folderPairs(tree: DatasetTree): Promise<Pair[]> {
  const bases = ['.', 'train', 'val', 'valid', 'test'];
  const found = await statedPairs(tree);
  for (const base of bases) {
    const pair = { images: path.posix.join(base, 'images'), labels: path.posix.join(base, 'labels') };
    if ((await tree.hasFolder(pair.images)) && (await tree.hasFolder(pair.labels))) {
      found.push(pair);
    }
  }
  for (const [folder, split] of Object.entries(BESIDE)) {
    if (await tree.hasFolder(folder)) {
      found.push({ images: folder, labels: folder, split });
    }
  }
  return found;
}

/**
 * The folders that the YAML file names. Its paths start at a `path` of the machine it was written on, or (Roboflow) one folder too high, so only what is found
 * below the set counts; a list of images (`train.txt`) stands for no folder.
 */
async function statedPairs(tree: DatasetTree): Promise<Pair[]> {
  const data = await readData(tree);
  const found: Pair[] = [];
  for (const split of ['train', 'val', 'test'] as const) {
    for (const named of [data?.[split] ?? []].flat()) {
      const images = path.posix.normalize(named.replaceAll('\\', '/').replace(/^(\.{1,2}\/)+/, '')).replace(/\/$/, '');
      const labels = images.replace(/(^|\/)images(?=\/|$)(?!.*\/images(\/|$))/, '$1labels');
      const isNew = images !== '.' && !found.some((pair) => pair.images === images);
      if (isNew && (await tree.hasFolder(images))) {
        found.push({ images, labels, split });
      }
    }
  }
  return found;
}

/** True for a set with image and label folders, and text files among the labels, or none at all (all normal) but a YAML file. */
export async function looksLikeYolo(tree: DatasetTree): Promise<boolean> {
  const pairs = await folderPairs(tree);
  if (pairs.length === 0) {
    return false;
  }
  if ((await readData(tree)) !== undefined) {
    return true;
  }
  for (const { labels } of pairs) {
    const folders = [labels, ...(await tree.list(labels)).directories.map((name) => path.posix.join(labels, name))];
    for (const folder of folders) {
      if ((await tree.files(folder, '.txt')).length > 0) {
        return true;
      }
    }
  }
  return false;
}

/**
 * YOLO: one text file per image with a row per instance, all numbers fractions of the image. `class x y w h` (centre and size) is a box, `class x1 y1 x2 y2 ...` an outline.
 * An image without rows is normal. Names of classes come from the YAML file at the root, or from `classes.txt` or `obj.names`.
 */
export async function readYolo(tree: DatasetTree): Promise<AnnotatedCollector> {
  const collector = new AnnotatedCollector(tree);
  const names = await classNames(tree);
  const own = await readSidecar(tree);
  const seen = new Set<string>();
  for (const pair of await folderPairs(tree)) {
    for (const image of await tree.images(pair.images)) {
      if (seen.has(image)) {
        continue;
      }
      seen.add(image);
      const stem = path.posix.relative(pair.images, image).replace(/\.[^.]+$/, '');
      const labels = path.posix.join(pair.labels, `${stem}.txt`);
      const shapes = (await tree.hasFile(labels)) ? readRows(await tree.text(labels), labels, names, collector) : [];
      const fields = own.get(image);
      await collector.add([image], {
        label: shapes.length > 0 ? 'anomalous' : 'normal',
        split: pair.split ?? splitOf(pair.images, stem),
        defectType: commonLabel(shapes),
        ...(fields !== undefined && statedFields(fields)),
        shapes,
      });
    }
  }
  return collector;
}

/**
 * The set's YAML file, the first at the root that names classes or folders of images.
 * @throws DatasetError when a file is no YAML, or its names are neither a list nor a map
 */
async function readData(tree: DatasetTree): Promise<z.infer<typeof dataSchema> | undefined> {
  for (const file of [...(await tree.files('.', '.yaml')), ...(await tree.files('.', '.yml'))]) {
    let value: unknown;
    try {
      value = parse(await tree.text(file));
    } catch (error) {
      throw new DatasetError(`${file} is no readable YAML: ${messageOf(error)}`);
    }
    if (typeof value !== 'object' || value === null || !('names' in value || 'train' in value || 'val' in value)) {
      continue;
    }
    const parsed = dataSchema.safeParse(value);
    if (!parsed.success) {
      throw new DatasetError(`${file} is no description of a YOLO set: ${describeIssue(parsed.error)}`);
    }
    return parsed.data;
  }
  return undefined;
}

/** Files with a class name a line, of tools that write no YAML: Label Studio and labelImg, CVAT. */
const NAME_FILES = ['classes.txt', 'obj.names', 'labels/classes.txt'];

async function classNames(tree: DatasetTree): Promise<Map<string, string>> {
  const { names } = (await readData(tree)) ?? {};
  if (names !== undefined) {
    return new Map(Object.entries(names));
  }
  for (const file of NAME_FILES) {
    if (await tree.hasFile(file)) {
      const lines = (await tree.text(file)).split(/\r?\n/).map((line) => line.trim());
      return new Map(
        lines.flatMap((name, index) => (name === '' ? [] : [[String(index), name.slice(0, 120)] as const])),
      );
    }
  }
  return new Map();
}

const ROW = /^\d+(\s+-?\d*\.?\d+(?:e-?\d+)?)+$/i;

function readRows(
  text: string,
  file: string,
  names: ReadonlyMap<string, string>,
  collector: AnnotatedCollector,
): Shape[] {
  const shapes: Shape[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const row = line.trim();
    if (row === '') {
      return;
    }
    const [name = '', ...numbers] = row.split(/\s+/);
    const values = numbers.map(Number);
    const label = names.get(name) ?? `class ${name}`;
    if (!ROW.test(row) || !(values.length === 4 || (values.length >= 6 && values.length % 2 === 0))) {
      collector.report(
        'bad_row',
        `${file}, line ${index + 1}`,
        'A row needs a class and 4 numbers (a box) or pairs of at least 3 points; it is left out.',
      );
      return;
    }
    const [x = 0, y = 0, w = 0, h = 0] = values;
    shapes.push(
      values.length === 4
        ? { kind: 'box', label, unit: 'fraction', bbox: [x - w / 2, y - h / 2, w, h] }
        : { kind: 'polygon', label, unit: 'fraction', rings: [values] },
    );
  });
  return shapes;
}

/** The split is a folder's name, before `images` or right below it. */
function splitOf(images: string, stem: string): string | null {
  const before = path.posix.dirname(images);
  const name = before === '.' ? stem.split('/')[0] : before;
  return name === 'valid' ? 'val' : name !== undefined && ['train', 'val', 'test'].includes(name) ? name : null;
}
