import path from 'node:path';
import { toNumber, toNumbers, toSize } from '../../numbers';
import { toList, toRecord, toText } from '../label-files';
import { centredBoxRing, ellipseRing } from '../outlines';
import { boxMark, labelOf, lineMark, listed, type Mark, outlineMark, someFits, type ToolFormat } from './marks';

/**
 * Datumaro, and CVAT's export of that name: `annotations/<subset>.json` with `categories` and `items`: boxes, polygons,
 * masks, lines, ellipses, points, labels.
 */
export const datumaro: ToolFormat = (value, file) => {
  const record = toRecord(value);
  const items = toList(record?.['items']);
  const categories = toRecord(record?.['categories']);
  if (items === undefined || categories === undefined || !someFits(items, (item) => 'id' in item)) {
    return undefined;
  }
  const names = (toList(toRecord(categories['label'])?.['labels']) ?? []).map((label) => toRecord(label)?.['name']);
  return items.map((entry, at) => {
    const item = toRecord(entry);
    const image = toRecord(item?.['image']) ?? toRecord(item?.['media']);
    const id = toText(item?.['id']);
    const named = toText(image?.['path']) ?? id;
    if (item === undefined || named === undefined) {
      return { unreadable: `item ${at} names no image` };
    }
    const [height, width] = toList(image?.['size']) ?? [];
    return {
      image: named,
      size: toSize(width, height),
      split: path.posix.parse(file).name,
      marks: annotationsOf(item)?.map((annotation) => readAnnotation(annotation, names)),
    };
  });
};

/** What is marked; captions mark nothing. Undefined where there is no list. */
function annotationsOf(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] | undefined {
  return listed(item['annotations'])
    ?.map((annotation) => toRecord(annotation) ?? {})
    .filter(({ type }) => type !== 'caption');
}

function readAnnotation(annotation: Readonly<Record<string, unknown>>, names: readonly unknown[]): Mark {
  const id = toNumber(annotation['label_id']);
  const label = labelOf(id === undefined ? undefined : (names[id] ?? `class ${id}`));
  const points = toNumbers(toList(annotation['points']) ?? []);
  switch (annotation['type']) {
    case 'bbox': {
      const box = toList(annotation['bbox']) ?? [];
      const turn = toNumber(toRecord(annotation['attributes'])?.['rotation']) ?? 0;
      return turned(boxMark(label, box), turn);
    }
    case 'rotated_bbox': {
      const [x = 0, y = 0, width = 0, height = 0, turn = 0] = toNumbers(toList(annotation['bbox']) ?? []) ?? [];
      return turned(boxMark(label, [x - width / 2, y - height / 2, width, height]), turn);
    }
    case 'polygon':
      return outlineMark(label, points);
    case 'polyline':
      return lineMark(label, points);
    case 'ellipse': {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = points ?? [];
      const ellipse = { x: (x1 + x2) / 2, y: (y1 + y2) / 2, radiusX: (x2 - x1) / 2, radiusY: (y2 - y1) / 2 };
      return points?.length === 4 ? outlineMark(label, ellipseRing(ellipse, 0)) : outlineMark(label, undefined);
    }
    case 'mask': {
      const { counts, size } = toRecord(annotation['rle']) ?? {};
      const [height, width] = toNumbers(toList(size) ?? []) ?? [];
      const runs = Array.isArray(counts) ? toNumbers(counts) : toText(counts, 64e6);
      return runs === undefined || height === undefined || width === undefined
        ? { unreadable: 'its mask has no run lengths' }
        : { kind: 'rle', label, size: [height, width], counts: runs };
    }
    case 'label':
    case 'points':
    case 'skeleton':
    case 'cuboid_2d':
      return { className: label };
    default:
      return { unreadable: 'it has a form that is not read' };
  }
}

/** A box turned about its centre, by degrees clockwise. */
function turned(mark: Mark, degrees: number): Mark {
  if (!('kind' in mark) || mark.kind !== 'box' || degrees === 0) {
    return mark;
  }
  const [x, y, width, height] = mark.bbox;
  return outlineMark(mark.label, centredBoxRing({ x, y, width, height }, degrees));
}
