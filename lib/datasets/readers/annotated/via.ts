import type { Shape } from '../../annotations/shapes';
import { annotationLimits, type Label } from '../../contract';
import { labelOfWord } from '../label-words';
import { toNumber, toNumbers } from '../numbers';
import type { AnnotatedCollector } from './collector';
import { isYes, verdictOfName } from './table-columns';
import { ellipseRing } from './outlines';
import { type LabelFiles, toList, toRecord, toText } from './label-files';

type Entry = Readonly<Record<string, unknown>>;

/** The images of a file of the VGG Image Annotator: an object with a record per image, or a project around it. */
function entriesOf(value: unknown): Entry[] | undefined {
  const file = toRecord(value);
  const inner = toRecord(file?.['_via_img_metadata']) ?? file;
  const entries = Object.values(inner ?? {}).map(toRecord);
  const isVia = (entry: Entry | undefined) => toText(entry?.['filename']) !== undefined && 'regions' in (entry ?? {});
  return entries.length > 0 && entries.some(isVia)
    ? entries.filter((entry): entry is Entry => entry !== undefined)
    : undefined;
}

/** The set's files of the VGG Image Annotator (version 2). */
export async function viaFiles(files: LabelFiles): Promise<string[]> {
  const found: string[] = [];
  for await (const json of files.json()) {
    if ('value' in json && entriesOf(json.value) !== undefined) {
      found.push(json.file);
    }
  }
  return found;
}

/**
 * VGG Image Annotator: `{"a.png1234": {filename, regions: [{shape_attributes, region_attributes}]}}`. An image without
 * regions was looked at if another one has some.
 */
export async function readVia(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  for (const file of await viaFiles(files)) {
    const json = await files.read(file);
    for (const [index, entry] of (entriesOf('value' in json ? json.value : undefined) ?? []).entries()) {
      const image = toText(entry['filename']);
      const regions = toList(entry['regions']);
      const where = `${file}, image ${index}`;
      if (image === undefined) {
        collector.report('bad_row', where, 'The record names no image; it is left out.');
        collector.lose(`${where} names no image`);
        collector.doubt(file, `${where} names no image`);
        continue;
      }
      const shapes: Shape[] = [];
      const classes: string[] = [];
      const doubts = regions === undefined ? [`${where} has no list of regions`] : [];
      for (const region of (regions ?? []).map(toRecord)) {
        const read = viaShape(region?.['shape_attributes'], viaClass(region?.['region_attributes']));
        if ('unreadable' in read) {
          collector.report('bad_row', where, `A region cannot be read: ${read.unreadable}.`);
          doubts.push(`${where}: ${read.unreadable}`);
        } else if ('className' in read) {
          classes.push(read.className);
        } else {
          shapes.push(read);
        }
      }
      const whole = viaVerdict(entry['file_attributes']);
      if (whole.doubt !== undefined) {
        collector.report('unknown_choice', where, `${whole.doubt}.`);
        doubts.push(`${where}: ${whole.doubt}`);
      }
      collector.state({ image, source: file, shapes, classes, doubts, label: whole.label, isLookedAt: true });
    }
  }
}

/** Attributes of a file that speak of the whole image's state, whatever their values are. */
const ABOUT_STATE = /verdict|quality|status|state|result|label|class|defect|anomal|judge?ment|grade|缺陷|异常|判定/i;

/** What one attribute of a file says: a word of its own, or yes or no to what it is called. */
function statedBy(name: string, word: string): Label | undefined {
  const asked = verdictOfName(name);
  const answer = isYes(word);
  if (asked !== undefined && answer !== undefined) {
    return answer === (asked === 'anomalous') ? 'anomalous' : 'normal';
  }
  const label = labelOfWord(word);
  // "lighting: good" says nothing about the part.
  return label === 'normal' && !ABOUT_STATE.test(name) ? undefined : label;
}

/**
 * What the attributes of a whole file say about it: the words that are values, and the options that are ticked. A word
 * that says neither normal nor anomalous is a doubt where its attribute is about the image's state; captions and the
 * like say nothing.
 */
export function viaVerdict(attributes: unknown): { label?: Label; doubt?: string } {
  const stated = Object.entries(toRecord(attributes) ?? {}).flatMap(([name, value]) => {
    const ticked = Object.entries(toRecord(value) ?? {}).flatMap(([option, isSet]) => (isSet === true ? option : []));
    const text = toText(typeof value === 'boolean' ? String(value) : value)?.trim() ?? '';
    const words = text === '' ? ticked : [text];
    return words.map((word) => ({ name, word, label: statedBy(name, word) }));
  });
  const labels = new Set(stated.flatMap(({ label }) => label ?? []));
  const [label] = labels;
  const unknown = stated.find((each) => each.label === undefined && ABOUT_STATE.test(each.name));
  if (labels.size > 1) {
    return { doubt: 'the attributes of the file say both normal and anomalous' };
  }
  if (unknown !== undefined && label !== 'anomalous') {
    const named = `"${unknown.word.slice(0, 40)}" in its attribute ${unknown.name.slice(0, 40)}`;
    return { doubt: `${named} says neither normal nor anomalous` };
  }
  return label === undefined ? {} : { label };
}

/** The class that a region's attributes name: the first text among them, or the option that is ticked. */
export function viaClass(attributes: unknown): string {
  for (const value of Object.values(toRecord(attributes) ?? {})) {
    const ticked = Object.entries(toRecord(value) ?? {}).find(([, isSet]) => isSet === true)?.[0];
    const name = toText(value) ?? ticked;
    if (name !== undefined) {
      return name.slice(0, annotationLimits.typeLength);
    }
  }
  return 'anomaly';
}

/** The region that VIA's attributes of a shape describe, in px. */
export function viaShape(value: unknown, label: string): Shape | { className: string } | { unreadable: string } {
  const shape = toRecord(value) ?? {};
  const read = (...keys: string[]) => toNumbers(keys.map((key) => shape[key]));
  switch (toText(shape['name'])) {
    case 'rect': {
      const [x = 0, y = 0, width = 0, height = 0] = read('x', 'y', 'width', 'height') ?? [];
      return width > 0 && height > 0
        ? { kind: 'box', label, unit: 'px', bbox: [x, y, width, height] }
        : { unreadable: 'the rectangle lacks x, y, width or height' };
    }
    case 'polygon':
    case 'polyline': {
      const [xs, ys] = [shape['all_points_x'], shape['all_points_y']].map((list) => toNumbers(toList(list) ?? [NaN]));
      const points = xs?.flatMap((x, index) => [x, ys?.[index] ?? NaN]) ?? [];
      const least = shape['name'] === 'polygon' ? 6 : 4;
      if (points.length < least || points.some(Number.isNaN)) {
        return { unreadable: 'its points are no pairs of numbers' };
      }
      return shape['name'] === 'polygon'
        ? { kind: 'polygon', label, unit: 'px', rings: [points] }
        : { kind: 'line', label, unit: 'px', points };
    }
    case 'circle':
    case 'ellipse': {
      const [x, y] = read('cx', 'cy') ?? [];
      const radii = [toNumber(shape['rx'] ?? shape['r']), toNumber(shape['ry'] ?? shape['r'])];
      const [radiusX = 0, radiusY = 0] = radii;
      const turn = ((toNumber(shape['theta'] ?? 0) ?? 0) * 180) / Math.PI;
      return x !== undefined && y !== undefined && radiusX > 0 && radiusY > 0
        ? { kind: 'polygon', label, unit: 'px', rings: [ellipseRing({ x, y, radiusX, radiusY }, turn)] }
        : { unreadable: 'the circle lacks its centre or its radius' };
    }
    case 'point':
      return { className: label };
    default:
      return { unreadable: 'its shape is of no known kind' };
  }
}
