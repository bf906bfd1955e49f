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

const dataSchema = z.object({ names: z.union([z.array(z.coerce.string()), z.record(z.string(), z.coerce.string())]) });

/** Pairs of an image folder and its label folder: `images/` + `labels/`, or `<split>/images` + `<split>/labels`. */
async function folderPairs(tree: DatasetTree): Promise<{ images: string; labels: string }[]> {
  const bases = ['.', 'train', 'val', 'valid', 'test'];
  const found: { images: string; labels: string }[] = [];
  for (const base of bases) {
    const pair = { images: path.posix.join(base, 'images'), labels: path.posix.join(base, 'labels') };
    if ((await tree.hasFolder(pair.images)) && (await tree.hasFolder(pair.labels))) {
      found.push(pair);
    }
  }
  return found;
}

/** True for a folder with `images/` and `labels/` beside each other and text files among the labels, or none at all (all normal) but a data.yaml. */
export async function looksLikeYolo(tree: DatasetTree): Promise<boolean> {
  const pairs = await folderPairs(tree);
  if (pairs.length === 0) {
    return false;
  }
  if ((await tree.files('.', '.yaml')).length > 0) {
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
 * An image without rows is normal. Names of classes come from the YAML file at the root.
 */
export async function readYolo(tree: DatasetTree): Promise<AnnotatedCollector> {
  const collector = new AnnotatedCollector(tree);
  const names = await classNames(tree);
  const own = await readSidecar(tree);
  for (const pair of await folderPairs(tree)) {
    for (const image of await tree.images(pair.images)) {
      const stem = path.posix.relative(pair.images, image).replace(/\.[^.]+$/, '');
      const labels = path.posix.join(pair.labels, `${stem}.txt`);
      const shapes = (await tree.hasFile(labels)) ? readRows(await tree.text(labels), labels, names, collector) : [];
      const fields = own.get(image);
      await collector.add([image], {
        label: shapes.length > 0 ? 'anomalous' : 'normal',
        split: splitOf(pair.images, stem),
        defectType: commonLabel(shapes),
        ...(fields !== undefined && statedFields(fields)),
        shapes,
      });
    }
  }
  return collector;
}

async function classNames(tree: DatasetTree): Promise<Map<string, string>> {
  for (const file of [...(await tree.files('.', '.yaml')), ...(await tree.files('.', '.yml'))]) {
    let value: unknown;
    try {
      value = parse(await tree.text(file));
    } catch (error) {
      throw new DatasetError(`${file} is no readable YAML: ${messageOf(error)}`);
    }
    const parsed = dataSchema.safeParse(value);
    if (!parsed.success) {
      throw new DatasetError(`${file} names no classes: ${describeIssue(parsed.error)}`);
    }
    return new Map(Object.entries(parsed.data.names));
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
