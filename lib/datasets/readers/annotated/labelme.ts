import path from 'node:path';
import type { Shape } from '../../annotations/shapes';
import { annotationLimits } from '../../contract';
import { labelOfWord, splitOfWord } from '../label-words';
import { toNumber, toNumbers, toStatedSize } from '../numbers';
import type { AnnotatedCollector } from './collector';
import { type LabelFiles, toList, toRecord, toText } from './label-files';
import { mirroredFolders } from './mirrored';
import { ellipseRing } from './outlines';
import { isYes } from './table-columns';

/** True for a set with a JSON file of labelme or X-AnyLabeling: `shapes` beside `imagePath`. */
export async function looksLikeLabelme(files: LabelFiles): Promise<boolean> {
  for await (const json of files.json()) {
    if ('value' in json && isLabelme(json.value)) {
      return true;
    }
  }
  return false;
}

function isLabelme(value: unknown): boolean {
  const record = toRecord(value);
  return (
    record !== undefined &&
    'shapes' in record &&
    ('imagePath' in record || 'imageData' in record || 'version' in record)
  );
}

/**
 * labelme: a JSON file per image with `shapes`: polygons, rectangles (two opposite corners, or four), circles (centre
 * and a point of the edge), lines, points and masks. Flags named like a label are the image's label. The image is
 * `imagePath`, else the one of the file's own name.
 */
export async function readLabelme(files: LabelFiles, collector: AnnotatedCollector): Promise<void> {
  for await (const json of files.json()) {
    const { file } = json;
    const stem = path.posix.parse(file).name;
    const folder = path.posix.dirname(file);
    const parent = path.posix.dirname(folder);
    const folders = [
      folder,
      ...['images', 'JPEGImages', 'img'].map((name) => path.posix.join(parent, name)),
      parent,
      '.',
      ...mirroredFolders(file),
    ];
    const split =
      file
        .split('/')
        .slice(0, -1)
        .map(splitOfWord)
        .find((name) => name !== null) ?? null;
    if ('broken' in json || (isDamaged(json.value) && !isLabelme(json.value))) {
      const reason = 'broken' in json ? json.broken : `${file} is no label file.`;
      collector.report('bad_file', file, reason);
      collector.state({ image: stem, source: file, folders, split, doubts: [`${file} cannot be read`] });
    } else if (isLabelme(json.value)) {
      stateFile(toRecord(json.value) ?? {}, { file, stem, folders, split }, collector);
    }
  }
}

/** A file whose image would be taken for unannotated though somebody annotated it. */
const isDamaged = (value: unknown): boolean => {
  const record = toRecord(value);
  return record !== undefined && ('imagePath' in record || 'imageHeight' in record);
};

type Place = { file: string; stem: string; folders: string[]; split: string | null };

function stateFile(record: Readonly<Record<string, unknown>>, place: Place, collector: AnnotatedCollector): void {
  const { file, stem, folders, split } = place;
  const shapes: Shape[] = [];
  const classes: string[] = [];
  const doubts: string[] = [];
  const list = Array.isArray(record['shapes']) ? (record['shapes'] as unknown[]) : undefined;
  if (list === undefined) {
    collector.report('bad_file', file, 'The file has no list of shapes.');
    doubts.push(`${file} has no list of shapes`);
  }
  for (const [index, entry] of (list ?? []).entries()) {
    const shape = readShape(entry);
    if ('unreadable' in shape) {
      collector.report('bad_row', `${file}, shape ${index}`, `The shape cannot be read: ${shape.unreadable}.`);
      doubts.push(`${file}, shape ${index}: ${shape.unreadable}`);
    } else if ('className' in shape) {
      classes.push(shape.className);
    } else {
      shapes.push(shape);
    }
  }
  const flags = setFlags(record['flags']);
  const labels = new Set(flags.flatMap((flag) => labelOfWord(flag) ?? []));
  const [label] = labels;
  if (labels.size > 1) {
    doubts.push(`${file}: its flags say both normal and anomalous`);
  } else if (labels.size === 0 && flags.length > 0 && shapes.length + classes.length === 0) {
    const message = `The flag "${flags.slice(0, 3).join('", "')}" says neither normal nor anomalous`;
    collector.report('unknown_choice', file, `${message}.`);
    doubts.push(`${file}: ${message}`);
  }
  const named = toText(record['imagePath']);
  // Files that were renamed together keep the old name inside.
  const base = path.posix.basename((named ?? stem).replaceAll('\\', '/'));
  const isOwn = named === undefined || path.posix.parse(base).name === stem;
  collector.state({
    image: isOwn ? base : named,
    orImage: stem,
    source: file,
    folders,
    split,
    size: toStatedSize(record['imageWidth'], record['imageHeight']),
    shapes,
    classes,
    doubts,
    ...(label !== undefined && labels.size === 1 && { label }),
    isLookedAt: list !== undefined,
  });
}

/** The names of the flags that are set: true, 1 or "true", as scripts write them; or a list of the names alone. */
function setFlags(flags: unknown): string[] {
  if (Array.isArray(flags)) {
    return (flags as unknown[]).flatMap((name) => toText(name) ?? []);
  }
  return Object.entries(toRecord(flags) ?? {}).flatMap(([name, value]) => {
    const isSet = value === true || isYes(toText(value) ?? '') === true;
    return isSet ? [name] : [];
  });
}

function readShape(value: unknown): Shape | { className: string } | { unreadable: string } {
  const record = toRecord(value);
  if (record === undefined) {
    return { unreadable: 'it is no object' };
  }
  const label = toText(record['label'])?.slice(0, annotationLimits.typeLength) ?? 'anomaly';
  const pairs = (toList(record['points']) ?? []).map((point) => {
    const pair = toList(point);
    return pair?.length === 2 ? toNumbers(pair) : undefined;
  });
  const points = pairs.every((pair) => pair !== undefined) ? pairs.flat() : undefined;
  if (points === undefined || points.length === 0) {
    return { unreadable: 'its points are no pairs of numbers' };
  }
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points;
  const kind = toText(record['shape_type']) ?? 'polygon';
  switch (kind) {
    case 'rectangle':
      if (points.length === 4) {
        const [width, height] = [Math.abs(x2 - x1), Math.abs(y2 - y1)];
        return width === 0 || height === 0
          ? { unreadable: 'the rectangle has no area' }
          : { kind: 'box', label, unit: 'px', bbox: [Math.min(x1, x2), Math.min(y1, y2), width, height] };
      }
      return toPolygon(points, label);
    case 'circle': {
      const radius = Math.hypot(x2 - x1, y2 - y1);
      return points.length === 4 && radius > 0
        ? {
            kind: 'polygon',
            label,
            unit: 'px',
            rings: [ellipseRing({ x: x1, y: y1, radiusX: radius, radiusY: radius }, 0)],
          }
        : { unreadable: 'a circle needs its centre and a point of its edge' };
    }
    case 'line':
    case 'linestrip':
      return points.length >= 4
        ? { kind: 'line', label, unit: 'px', points }
        : { unreadable: 'a line needs two points' };
    case 'point':
    case 'points':
      return { className: label };
    case 'mask': {
      const base64 = toText(record['mask'], 64e6);
      const [x, y] = [toNumber(points[0]), toNumber(points[1])];
      return base64 === undefined || x === undefined || y === undefined
        ? { unreadable: 'the mask has no picture' }
        : {
            kind: 'picture',
            label,
            isWhole: false,
            x: Math.round(Math.min(x1, x2)),
            y: Math.round(Math.min(y1, y2)),
            base64,
          };
    }
    default:
      return toPolygon(points, label);
  }
}

function toPolygon(points: number[], label: string): Shape | { unreadable: string } {
  return points.length >= 6
    ? { kind: 'polygon', label, unit: 'px', rings: [points] }
    : { unreadable: 'an outline needs three points' };
}
