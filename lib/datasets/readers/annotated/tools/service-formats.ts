import { toNumber, toSize } from '../../numbers';
import { isImageName } from '../../tree';
import { toList, toRecord, toText } from '../label-files';
import { ellipseRing } from '../outlines';
import {
  boxMark,
  labelOf,
  lineMark,
  listed,
  type Mark,
  marksOf,
  outlineMark,
  someFits,
  type ToolFormat,
  type ToolRecord,
} from './marks';

type Fields = Readonly<Record<string, unknown>>;
const notNamed = (at: number) => ({ unreadable: `record ${at} names no image` });

/** V7 Darwin: a JSON file for each image with `annotations`; `item` (2.0) or `image` (1.0) names it. */
export const darwin: ToolFormat = (value) => {
  const record = toRecord(value);
  const image = toRecord(record?.['item']) ?? toRecord(record?.['image']);
  const name = toText(image?.['name'] ?? image?.['filename']);
  const isOwn = 'schema_ref' in (record ?? {}) || toText(image?.['filename']) !== undefined;
  if (record === undefined || name === undefined || !isOwn || !Array.isArray(record['annotations'])) {
    return undefined;
  }
  const slot = toRecord(toList(image?.['slots'])?.[0]) ?? image;
  const marks = record['annotations'].flatMap((entry: unknown) => readDarwin(toRecord(entry) ?? {}));
  return [{ image: name, size: toSize(slot?.['width'], slot?.['height']), marks }];
};

function readDarwin(annotation: Fields): Mark[] {
  const label = labelOf(annotation['name']);
  const polygon = toRecord(annotation['polygon']) ?? toRecord(annotation['complex_polygon']);
  const box = toRecord(annotation['bounding_box']);
  const ellipse = toRecord(annotation['ellipse']);
  const line = toRecord(annotation['line']);
  if (polygon !== undefined) {
    const paths = toList(polygon['paths'] ?? polygon['path']) ?? [];
    const rings = Array.isArray(paths[0]) ? paths : [paths];
    return rings.map((ring) => outlineMark(label, ring));
  }
  if (ellipse !== undefined) {
    const [center, radius] = [toRecord(ellipse['center']), toRecord(ellipse['radius'])];
    const [x = 0, y = 0, radiusX = 0, radiusY = 0] = [center?.['x'], center?.['y'], radius?.['x'], radius?.['y']].map(
      toNumber,
    );
    const degrees = ((toNumber(ellipse['angle']) ?? 0) * 180) / Math.PI;
    return [
      outlineMark(label, radiusX > 0 && radiusY > 0 ? ellipseRing({ x, y, radiusX, radiusY }, degrees) : undefined),
    ];
  }
  if (line !== undefined) {
    return [lineMark(label, line['path'])];
  }
  const isClass = ['tag', 'keypoint', 'skeleton'].some((key) => key in annotation);
  return [
    box !== undefined
      ? boxMark(label, [box['x'], box['y'], box['w'], box['h']])
      : isClass
        ? { className: label }
        : UNREAD,
  ];
}

const UNREAD: Mark = { unreadable: 'it has a form that is not read' };

/**
 * SageMaker Ground Truth's manifest: a JSON line for each image (`source-ref`), with boxes or a class beside
 * `<job>-metadata`.
 */
export const sageMaker: ToolFormat = (value) => {
  const list = Array.isArray(value) ? toList(value) : undefined;
  if (!someFits(list, (record) => toText(record['source-ref']) !== undefined)) {
    return undefined;
  }
  return list?.map((entry, at): ToolRecord | { unreadable: string } => {
    const record = toRecord(entry) ?? {};
    const image = toText(record['source-ref']);
    if (image === undefined) {
      return notNamed(at);
    }
    const jobs = Object.keys(record).filter((key) => `${key}-metadata` in record);
    const read = jobs.map((job) => readJob(record[job], toRecord(record[`${job}-metadata`]) ?? {}));
    const [size] = read.flatMap((job) => job.size ?? []);
    return { image, size, marks: jobs.length === 0 ? undefined : read.flatMap(({ marks }) => marks) };
  });
};

function readJob(value: unknown, metadata: Fields): Pick<ToolRecord, 'size'> & { marks: readonly Mark[] } {
  const record = toRecord(value);
  const boxes = toList(record?.['annotations']);
  if (boxes === undefined) {
    const className = toText(metadata['class-name']);
    return { marks: [className === undefined ? UNREAD : { className }] };
  }
  const names = toRecord(metadata['class-map']) ?? {};
  const { width, height } = toRecord(toList(record?.['image_size'])?.[0]) ?? {};
  const marks = marksOf(boxes, (box) => {
    const id = toText(box['class_id']);
    const label = labelOf(id === undefined ? undefined : (names[id] ?? `class ${id}`));
    return boxMark(label, [box['left'], box['top'], box['width'], box['height']]);
  });
  return { size: toSize(width, height), marks };
}

/**
 * Labelbox: a JSON line for each image, `data_row` and the labels of each project. Masks lie on its servers and are not
 * read.
 */
export const labelbox: ToolFormat = (value) => {
  const list = Array.isArray(value) ? toList(value) : undefined;
  if (!someFits(list, (record) => toRecord(record['data_row']) !== undefined && 'projects' in record)) {
    return undefined;
  }
  return list?.map((entry, at): ToolRecord | { unreadable: string } => {
    const record = toRecord(entry) ?? {};
    const row = toRecord(record['data_row']);
    const image = [row?.['external_id'], row?.['global_key'], row?.['row_data']]
      .map((name) => toText(name))
      .find((name) => name !== undefined && isImageName(name.replace(/\?.*$/s, '')));
    if (image === undefined) {
      return notNamed(at);
    }
    const { width, height } = toRecord(record['media_attributes']) ?? {};
    const labels = (toList(record['projects']) ?? []).flatMap((project) => listed(toRecord(project)?.['labels']) ?? []);
    const marks = labels.flatMap((label) => {
      const { objects, classifications } = toRecord(toRecord(label)?.['annotations']) ?? {};
      const answers = (listed(classifications) ?? []).map((each) =>
        toText(toRecord(toRecord(each)?.['radio_answer'])?.['name']),
      );
      const said = answers.map((className): Mark => (className === undefined ? UNREAD : { className }));
      const found = listed(objects);
      return [...(found === undefined ? [UNREAD] : marksOf(found, readLabelboxObject)), ...said];
    });
    return { image, size: toSize(width, height), marks: labels.length === 0 ? undefined : marks };
  });
};

function readLabelboxObject(object: Fields): Mark {
  const label = labelOf(object['name']);
  const box = toRecord(object['bounding_box']);
  if (box !== undefined) {
    return boxMark(label, [box['left'], box['top'], box['width'], box['height']]);
  }
  if (object['polygon'] !== undefined) {
    return outlineMark(label, object['polygon']);
  }
  return object['line'] === undefined ? { className: label } : lineMark(label, object['line']);
}

/**
 * Hugging Face's folders of images: `metadata.jsonl` with `file_name` and `objects`: boxes as COCO has them, and their
 * categories.
 */
export const huggingFace: ToolFormat = (value) => {
  const list = Array.isArray(value) ? toList(value) : undefined;
  const isOwn = (record: Fields) =>
    toText(record['file_name']) !== undefined && toList(toRecord(record['objects'])?.['bbox']) !== undefined;
  if (!someFits(list, isOwn)) {
    return undefined;
  }
  return list?.map((entry, at) => {
    const record = toRecord(entry) ?? {};
    const image = toText(record['file_name']);
    const objects = toRecord(record['objects']) ?? {};
    const names = toList(objects['categories'] ?? objects['category'] ?? objects['label']) ?? [];
    const marks = toList(objects['bbox'])?.map((box, i) => {
      const number = toNumber(names[i]);
      return boxMark(labelOf(number === undefined ? names[i] : `class ${number}`), toList(box) ?? []);
    });
    return image === undefined ? notNamed(at) : { image, size: toSize(record['width'], record['height']), marks };
  });
};
