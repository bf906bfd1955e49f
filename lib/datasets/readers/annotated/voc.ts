import path from 'node:path';
import type { Shape } from '../../annotations/shapes';
import { annotationLimits } from '../../contract';
import { splitOfWord } from '../label-words';
import { toNumber, toNumbers, toStatedSize } from '../numbers';
import { type DatasetTree } from '../tree';
import { DatasetError } from '../types';
import type { AnnotatedCollector } from './collector';
import type { LabelFiles } from './label-files';
import { mirroredFolders } from './mirrored';
import { centredBoxRing } from './outlines';
import { child, childText, readXml, type XmlElement } from './xml';

/** True for a set with an XML file that describes one image as Pascal VOC and labelImg do. */
export async function looksLikeVoc(files: LabelFiles): Promise<boolean> {
  for (const file of await files.named('.xml')) {
    const start = await files.tree.text(file).catch(emptyIfRefused);
    if (/<annotation[\s>]/i.test(start.slice(0, 2000))) {
      return true;
    }
  }
  return false;
}

function emptyIfRefused(error: unknown): string {
  if (error instanceof DatasetError) {
    return '';
  }
  throw error;
}

/**
 * Pascal VOC: an XML file per image with `object`s, each a name and a box (`bndbox`), an outline (`polygon`) or a
 * turned box (`robndbox`). The image is the one that the file names, in `JPEGImages/`, `images/` or beside it, else the
 * one of the file's own name. `ImageSets/Main/*.txt` give the split.
 */
export async function readVoc(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  const { tree } = files;
  const splits = await splitsOf(tree);
  for (const file of await files.named('.xml')) {
    const stem = path.posix.parse(file).name;
    const split =
      splits.get(stem) ??
      file
        .split('/')
        .slice(0, -1)
        .map(splitOfWord)
        .find((name) => name !== null) ??
      null;
    let root: XmlElement;
    try {
      root = await readXml(tree, file);
    } catch (error) {
      if (!(error instanceof DatasetError)) {
        throw error;
      }
      collector.report('bad_file', file, error.message);
      collector.state({
        image: imageBy(file),
        source: file,
        folders: foldersOf(file),
        split,
        doubts: [`${file} is no readable XML`],
      });
      continue;
    }
    if (root.name.toLowerCase() === 'annotation') {
      stateFile(root, file, split, collector);
    }
  }
}

/** The file's own name without its ending, to be looked for among the images. */
const imageBy = (file: string): string => path.posix.parse(file).name;

function foldersOf(file: string): string[] {
  const folder = path.posix.dirname(file);
  const parent = path.posix.dirname(folder);
  const inner = ['JPEGImages', 'images', 'Images', 'img', 'imgs'];
  const near = [folder, ...inner.map((name) => path.posix.join(parent, name)), parent, '.', ...inner];
  return [...near, ...mirroredFolders(file)];
}

function stateFile(root: XmlElement, file: string, split: string | null, collector: AnnotatedCollector): void {
  const size = child(root, 'size');
  const shapes: Shape[] = [];
  const classes: string[] = [];
  const doubts: string[] = [];
  if (root.text.trim() !== '') {
    collector.report('bad_row', `${file}, line ${root.line}`, 'The file has text where an object should be.');
    doubts.push(`${file} has text where an object should be`);
  }
  for (const object of root.children.filter((element) => isObject(element) && childText(element, 'deleted') !== '1')) {
    const label = (childText(object, 'name') ?? 'anomaly').slice(0, annotationLimits.typeLength);
    const shape = toShape(object, label);
    if (shape === undefined) {
      classes.push(label);
    } else if ('unreadable' in shape) {
      const where = `${file}, line ${object.line}`;
      collector.report('bad_row', where, `The object cannot be read: ${shape.unreadable}.`);
      doubts.push(`${where}: ${shape.unreadable}`);
    } else {
      shapes.push(shape);
    }
  }
  const named = childText(root, 'filename');
  // `filename` without an ending, and names that a tool kept when it renamed the images.
  const isWhole = named !== undefined && path.posix.parse(named.replaceAll('\\', '/')).name === imageBy(file);
  collector.state({
    image: isWhole || named === undefined ? imageBy(file) : named,
    orImage: imageBy(file),
    source: file,
    folders: foldersOf(file),
    split,
    size: toStatedSize(childText(size, 'width'), childText(size, 'height')),
    shapes,
    classes,
    doubts,
    isLookedAt: true,
  });
}

/** An object, also under another name: what has a region is one. */
const isObject = (element: XmlElement): boolean =>
  element.name.toLowerCase() === 'object' ||
  ['bndbox', 'robndbox', 'polygon'].some((name) => child(element, name) !== undefined);

type Region = Shape | undefined | { unreadable: string };

/** The region of an object, of the most exact form that can be read; undefined when it states none. */
function toShape(object: XmlElement, label: string): Region {
  const read = [
    toOutline(child(object, 'polygon'), label),
    toTurnedBox(child(object, 'robndbox'), label),
    toBox(child(object, 'bndbox'), label),
  ].filter((region) => region !== undefined);
  return read.find((region) => !('unreadable' in region)) ?? read[0];
}

/**
 * Points as numbered coordinates (`x1`, `y1`, ...) or, as LabelMe of the web has them, in elements of their own (`pt`).
 */
function toOutline(polygon: XmlElement | undefined, label: string): Region {
  if (polygon === undefined) {
    return undefined;
  }
  const points = polygon.children.filter((point) => point.children.length > 0);
  const numbers = points.length > 0 ? points.flatMap((point) => point.children) : polygon.children;
  const ring = toNumbers(numbers.map(({ text }) => text));
  return ring !== undefined && ring.length >= 6
    ? { kind: 'polygon', label, unit: 'px', rings: [ring] }
    : { unreadable: 'its polygon has no three points' };
}

function toTurnedBox(turned: XmlElement | undefined, label: string): Region {
  if (turned === undefined) {
    return undefined;
  }
  const [cx, cy, w, h, angle] = ['cx', 'cy', 'w', 'h', 'angle'].map((key) => toNumber(childText(turned, key)));
  if (cx === undefined || cy === undefined || w === undefined || h === undefined || angle === undefined) {
    return { unreadable: 'its turned box lacks cx, cy, w, h or angle' };
  }
  const ring = centredBoxRing({ x: cx - w / 2, y: cy - h / 2, width: w, height: h }, (angle * 180) / Math.PI);
  return { kind: 'polygon', label, unit: 'px', rings: [ring] };
}

/** Corners may be in either order. */
function toBox(box: XmlElement | undefined, label: string): Region {
  if (box === undefined) {
    return undefined;
  }
  const [x1, y1, x2, y2] = ['xmin', 'ymin', 'xmax', 'ymax'].map((key) => toNumber(childText(box, key)));
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined || x1 === x2 || y1 === y2) {
    return { unreadable: 'its box lacks xmin, ymin, xmax or ymax, or has no area' };
  }
  const [x, y, width, height] = [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)];
  return { kind: 'box', label, unit: 'px', bbox: [x, y, width, height] };
}

/** The split of each image's stem, from `ImageSets/Main/train.txt` and the like. */
async function splitsOf(tree: DatasetTree): Promise<Map<string, string>> {
  const splits = new Map<string, string>();
  const lists = (await tree.walk()).filter((file) => /(^|\/)ImageSets\/\w+\/(train|val|test)\.txt$/i.test(file));
  for (const list of lists) {
    const split = splitOfWord(path.posix.basename(list));
    for (const line of (await tree.text(list)).split(/\r?\n/)) {
      const [stem = ''] = line.trim().split(/\s+/);
      if (stem !== '' && split !== null && !splits.has(stem)) {
        splits.set(stem, split);
      }
    }
  }
  return splits;
}
