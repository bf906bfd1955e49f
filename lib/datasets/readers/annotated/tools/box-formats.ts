import { toNumber, toSize } from '../../numbers';
import { toList, toRecord, toText } from '../label-files';
import {
  boxMark,
  cornersMark,
  labelOf,
  lineMark,
  listed,
  type Mark,
  marksOf,
  outlineMark,
  someFits,
  type ToolFormat,
} from './marks';

/**
 * Create ML: a list of images with boxes by their centre (`_annotations.createml.json` of Roboflow; `imagefilename` of
 * Apple's guide).
 */
export const createMl: ToolFormat = (value) => {
  const list = Array.isArray(value) ? toList(value) : undefined;
  const nameIn = (record: Readonly<Record<string, unknown>>) => toText(record['image'] ?? record['imagefilename']);
  const boxesIn = (record: Readonly<Record<string, unknown>>) => record['annotations'] ?? record['annotation'];
  const isBox = (record: Readonly<Record<string, unknown>>) => 'coordinates' in record;
  const isOwn = (record: Readonly<Record<string, unknown>>) =>
    nameIn(record) !== undefined && someFits(listed(boxesIn(record)), isBox);
  if (!someFits(list, isOwn)) {
    return undefined;
  }
  return list?.map((entry, at) => {
    const record = toRecord(entry) ?? {};
    const image = nameIn(record);
    const boxes = listed(boxesIn(record));
    return image === undefined
      ? { unreadable: `record ${at} names no image` }
      : { image, marks: boxes && marksOf(boxes, readCreateMlBox) };
  });
};

function readCreateMlBox(box: Readonly<Record<string, unknown>>): Mark {
  const { x, y, width, height } = toRecord(box['coordinates']) ?? {};
  const [cx, cy, w = 0, h = 0] = [x, y, width, height].map(toNumber);
  return cx === undefined || cy === undefined
    ? boxMark('', [])
    : boxMark(labelOf(box['label']), [cx - w / 2, cy - h / 2, w, h]);
}

/** BDD100K and Scalabel: a list of frames, or `frames`, with `labels`: `box2d`, `poly2d`, run lengths. */
export const bdd100k: ToolFormat = (value) => {
  const frames = Array.isArray(value) ? toList(value) : toList(toRecord(value)?.['frames']);
  const isLabel = (record: Readonly<Record<string, unknown>>) =>
    'category' in record && ('box2d' in record || 'poly2d' in record || 'rle' in record);
  if (!someFits(frames, (frame) => toText(frame['name']) !== undefined && someFits(listed(frame['labels']), isLabel))) {
    return undefined;
  }
  return frames?.map((entry, at) => {
    const frame = toRecord(entry) ?? {};
    const image = toText(frame['name']);
    const { width, height } = toRecord(frame['size']) ?? {};
    return image === undefined
      ? { unreadable: `frame ${at} has no name` }
      : { image, size: toSize(width, height), marks: listed(frame['labels'])?.flatMap(readBddLabel) };
  });
};

function readBddLabel(entry: unknown): Mark[] {
  const record = toRecord(entry) ?? {};
  const label = labelOf(record['category']);
  const box = toRecord(record['box2d']);
  const rle = toRecord(record['rle']);
  const polygons = listed(record['poly2d']) ?? [];
  if (polygons.length > 0) {
    return marksOf(polygons, (polygon) =>
      polygon['closed'] === false ? lineMark(label, polygon['vertices']) : outlineMark(label, polygon['vertices']),
    );
  }
  if (rle !== undefined) {
    const [height, width] = (toList(rle['size']) ?? []).map(toNumber);
    const counts = toText(rle['counts'], 64e6);
    return height === undefined || width === undefined || counts === undefined
      ? [{ unreadable: 'its run lengths have no size' }]
      : [{ kind: 'rle', label, size: [height, width], counts }];
  }
  return [box === undefined ? { className: label } : cornersMark(label, [box['x1'], box['y1'], box['x2'], box['y2']])];
}

/**
 * ISAT: a JSON file for each image, `info` of its name and size, and `objects` with outlines. The category
 * `__background__` marks nothing.
 */
export const isat: ToolFormat = (value) => {
  const record = toRecord(value);
  const info = toRecord(record?.['info']);
  const objects = toList(record?.['objects']);
  const image = toText(info?.['name']);
  if (info === undefined || objects === undefined || image === undefined) {
    return undefined;
  }
  const isReal = (object: unknown) => toRecord(object)?.['category'] !== '__background__';
  const marks = marksOf(objects.filter(isReal), (object) => {
    const label = labelOf(object['category']);
    const outline = toList(object['segmentation']) ?? [];
    return outline.length > 0 ? outlineMark(label, outline) : cornersMark(label, toList(object['bbox']) ?? []);
  });
  return [{ image, size: toSize(info['width'], info['height']), marks }];
};

/**
 * VoTT: an export or a project's file with `assets`, or a file for each asset, with `regions`. Assets that nobody has
 * visited (state 0) are not looked at.
 */
export const vott: ToolFormat = (value) => {
  const record = toRecord(value);
  const isAsset = (entry: Readonly<Record<string, unknown>>) =>
    toRecord(entry['asset']) !== undefined && 'regions' in entry;
  const assets = record !== undefined && isAsset(record) ? [record] : toList(record?.['assets']);
  if (!someFits(assets, isAsset)) {
    return undefined;
  }
  return assets?.map((entry, at) => {
    const { asset, regions } = toRecord(entry) ?? {};
    const { name, size, state } = toRecord(asset) ?? {};
    const { width, height } = toRecord(size) ?? {};
    const image = toText(name);
    const list = listed(regions);
    const isOpen = state === 0 && list?.length === 0;
    return image === undefined
      ? { unreadable: `asset ${at} has no name` }
      : { image, size: toSize(width, height), marks: isOpen ? undefined : list && marksOf(list, readVottRegion) };
  });
};

function readVottRegion(region: Readonly<Record<string, unknown>>): Mark {
  const label = labelOf(toList(region['tags'])?.[0]);
  const { left, top, width, height } = toRecord(region['boundingBox']) ?? {};
  return region['type'] === 'RECTANGLE'
    ? boxMark(label, [left, top, width, height])
    : outlineMark(label, region['points']);
}
