import path from 'node:path';
import type { Shape } from '../../annotations/shapes';
import { annotationLimits, type Label } from '../../contract';
import { labelOfWord, splitOfWord } from '../label-words';
import { toNumber, toNumbers, toStatedSize } from '../numbers';
import { DatasetError } from '../types';
import type { AnnotatedCollector } from './collector';
import type { LabelFiles } from './label-files';
import { centredBoxRing, ellipseRing } from './outlines';
import { readXml, type XmlElement } from './xml';

/** CVAT's own XML files of a set ("CVAT for images", "CVAT for video"). */
export async function cvatFiles(files: LabelFiles): Promise<string[]> {
  const found: string[] = [];
  for (const file of await files.named('.xml')) {
    const read = await files.text(file);
    if ('text' in read && /<annotations[\s>]/i.test(read.text.slice(0, 2000))) {
      found.push(file);
    }
  }
  return found;
}

/**
 * CVAT's XML: an `image` with its shapes (box, polygon, polyline, ellipse, mask, points; boxes and ellipses may be
 * turned) and tags, or `track`s through the frames of a video. A tag named like a label is the image's label.
 */
export async function readCvat(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  for (const file of await cvatFiles(files)) {
    const root = await readXml(files.tree, file).catch((error: unknown) => {
      if (!(error instanceof DatasetError)) {
        throw error;
      }
      collector.report('bad_file', file, error.message);
      collector.doubt('*', `${file} cannot be read`);
      return undefined;
    });
    const frames = new Map<string, Reading>();
    for (const element of root?.children ?? []) {
      if (element.name === 'image') {
        stateImage(element, file, collector);
      } else if (element.name === 'track') {
        readTrack(element, file, collector, frames);
      }
    }
    for (const [frame, { shapes, classes, doubts }] of frames) {
      collector.state({
        image: frame,
        source: file,
        folders: foldersOf(file),
        shapes,
        classes,
        doubts,
        isLookedAt: true,
      });
    }
  }
}

type Reading = { shapes: Shape[]; classes: string[]; doubts: string[]; labels: Label[] };
const newReading = (): Reading => ({ shapes: [], classes: [], doubts: [], labels: [] });

function foldersOf(file: string, subset = 'default'): string[] {
  const folder = path.posix.dirname(file);
  const inner = [`images/${subset}`, subset].flatMap((name) => [name, path.posix.join(folder, name)]);
  return [...inner, '.', folder, 'images', path.posix.join(folder, 'images')];
}

function stateImage(image: XmlElement, file: string, collector: AnnotatedCollector): void {
  const { name, width, height, subset } = image.attributes;
  const where = `${file}, line ${image.line}`;
  if (name === undefined || name === '') {
    collector.report('bad_row', where, 'The image has no name; it is left out.');
    if (image.children.length > 0) {
      collector.doubt(file, `${where}: an image with shapes has no name`);
    } else {
      collector.lose(`${where}: an image has no name`);
    }
    return;
  }
  const reading = newReading();
  for (const element of image.children) {
    readShape(element, file, collector, reading);
  }
  const { labels, ...rest } = reading;
  const [label] = new Set(labels);
  collector.state({
    image: name,
    source: file,
    // Two subsets may have images of one name, each in its folder.
    folders: foldersOf(file, subset),
    size: toStatedSize(width, height),
    ...(label !== undefined && { label }),
    ...(subset !== undefined && subset !== 'default' && { split: splitOfWord(subset) ?? subset.toLowerCase() }),
    ...rest,
    doubts:
      new Set(labels).size > 1 ? [...rest.doubts, `${where}: its tags say both normal and anomalous`] : rest.doubts,
    isLookedAt: true,
  });
}

/** Shapes of a video belong to frames, which are files by number (`frame_000012.PNG`). */
function readTrack(track: XmlElement, file: string, collector: AnnotatedCollector, frames: Map<string, Reading>): void {
  for (const element of track.children) {
    const frame = toNumber(element.attributes['frame']);
    if (element.attributes['outside'] === '1') {
      continue;
    }
    if (frame === undefined) {
      const where = `${file}, line ${element.line}`;
      collector.report('bad_row', where, `The ${element.name.slice(0, 40)} does not say in which frame it is.`);
      collector.doubt(file, `${where} does not say in which frame it is`);
      continue;
    }
    const name = `frame_${String(frame).padStart(6, '0')}`;
    const reading = frames.get(name) ?? newReading();
    frames.set(name, reading);
    const label = track.attributes['label'];
    const labelled = { ...element, attributes: { ...element.attributes, ...(label !== undefined && { label }) } };
    readShape(labelled, file, collector, reading);
  }
}

const KINDS = new Set(['box', 'polygon', 'polyline', 'points', 'ellipse', 'mask', 'cuboid', 'skeleton', 'tag']);

function readShape(element: XmlElement, file: string, collector: AnnotatedCollector, reading: Reading): void {
  const { name, attributes, line } = element;
  if (!KINDS.has(name)) {
    const where = `${file}, line ${line}`;
    collector.report('bad_row', where, `Shapes of the kind "${name.slice(0, 40)}" are not read.`);
    reading.doubts.push(`${where}: shapes of the kind "${name.slice(0, 40)}" are not read`);
    return;
  }
  const label = (attributes['label'] ?? 'anomaly').slice(0, annotationLimits.typeLength);
  if (name === 'tag') {
    const said = labelOfWord(label);
    if (said === undefined) {
      reading.classes.push(label);
    } else {
      reading.labels.push(said);
    }
    return;
  }
  const shape = toShape(name, attributes, label);
  if (shape === undefined) {
    reading.classes.push(label);
  } else if ('unreadable' in shape) {
    const where = `${file}, line ${line}`;
    collector.report('bad_row', where, `The ${name} cannot be read: ${shape.unreadable}.`);
    reading.doubts.push(`${where}: ${shape.unreadable}`);
  } else {
    reading.shapes.push(shape);
  }
}

function toShape(
  kind: string,
  attributes: Readonly<Record<string, string>>,
  label: string,
): Shape | undefined | { unreadable: string } {
  const read = (...keys: string[]) => toNumbers(keys.map((key) => attributes[key]));
  const rotation = toNumber(attributes['rotation'] ?? 0) ?? 0;
  switch (kind) {
    case 'box': {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = read('xtl', 'ytl', 'xbr', 'ybr') ?? [];
      const [x, y, width, height] = [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)];
      if (width === 0 || height === 0) {
        return { unreadable: 'it lacks xtl, ytl, xbr or ybr, or has no area' };
      }
      return rotation === 0
        ? { kind: 'box', label, unit: 'px', bbox: [x, y, width, height] }
        : { kind: 'polygon', label, unit: 'px', rings: [centredBoxRing({ x, y, width, height }, rotation)] };
    }
    case 'polygon':
    case 'polyline': {
      const points = toNumbers((attributes['points'] ?? '').split(/[;,]/).map((number) => number.trim()));
      const least = kind === 'polygon' ? 6 : 4;
      if (points === undefined || points.length < least || points.length % 2 !== 0) {
        return { unreadable: `its points are not ${least / 2} or more pairs of numbers` };
      }
      return kind === 'polygon'
        ? { kind: 'polygon', label, unit: 'px', rings: [points] }
        : { kind: 'line', label, unit: 'px', points };
    }
    case 'ellipse': {
      const [x = 0, y = 0, radiusX = 0, radiusY = 0] = read('cx', 'cy', 'rx', 'ry') ?? [];
      return radiusX > 0 && radiusY > 0
        ? { kind: 'polygon', label, unit: 'px', rings: [ellipseRing({ x, y, radiusX, radiusY }, rotation)] }
        : { unreadable: 'it lacks cx, cy, rx or ry' };
    }
    case 'mask':
      return toMask(attributes, label);
    default:
      return undefined;
  }
}

/** Run lengths, row by row, unset first, of the box `left, top, width, height`. */
function toMask(attributes: Readonly<Record<string, string>>, label: string): Shape | { unreadable: string } {
  const counts = toNumbers((attributes['rle'] ?? '').split(',').map((number) => number.trim()));
  const [x, y, width, height] = toNumbers(['left', 'top', 'width', 'height'].map((key) => attributes[key])) ?? [];
  const total = counts?.reduce((sum, count) => sum + count, 0);
  const isWhole = x !== undefined && y !== undefined && width !== undefined && height !== undefined;
  if (!isWhole || counts === undefined || counts.some((count) => count < 0 || !Number.isInteger(count))) {
    return { unreadable: 'its run lengths or its box are damaged' };
  }
  if (total !== width * height || total > MAX_MASK) {
    return { unreadable: `its run lengths add up to ${total} px, not to ${width} x ${height}` };
  }
  const data = new Uint8Array(total);
  let position = 0;
  for (const [index, count] of counts.entries()) {
    data.fill(index % 2 === 1 ? 255 : 0, position, position + count);
    position += count;
  }
  return { kind: 'pixels', label, x, y, width, height, data };
}

/** Pixels of the largest mask; images have at most 50 megapixels. */
const MAX_MASK = 50e6;
