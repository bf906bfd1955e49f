import { type Format, name, numbers } from './label-file-sets';

/**
 * Sets as `label-file-sets.ts` has them, of the formats of single tools: what is replaced is one annotation of one
 * image.
 */

const SIZE = { width: 100, height: 100 };
/** The annotation of each image as JSON text, one of them damaged. */
const each = (index: number, damage: (record: string) => string, annotation: object): string[] =>
  numbers.map((i) => (i === index ? damage(JSON.stringify(annotation)) : JSON.stringify(annotation)));
const perImage = (ending: string, folder: string, texts: readonly string[]) =>
  Object.fromEntries(texts.map((text, i) => [`${folder}/${i}${ending}`, text]));
const corners = { x: 1, y: 2, width: 3, height: 4 };
const ring = [
  [1, 2],
  [4, 2],
  [4, 6],
];

export const toolFormats: Record<string, Format> = {
  supervisely: (index, damage) => {
    const points = { exterior: ring, interior: [] };
    const objects = each(index, damage, { id: 7, classTitle: 'dent', geometryType: 'polygon', tags: [], points });
    const size = JSON.stringify(SIZE);
    const texts = objects.map((object) => `{"description": "", "tags": [], "size": ${size}, "objects": [${object}]}`);
    return { 'meta.json': '{"classes": [{"title": "dent"}], "tags": []}', ...perImage('.png.json', 'ann', texts) };
  },
  datumaro: (index, damage) => {
    const found = each(index, damage, { id: 0, type: 'bbox', label_id: 0, group: 0, bbox: [1, 2, 3, 4] });
    const items = found.map(
      (text, i) => `{"id": "${i}", "annotations": [${text}], "image": {"path": "${i}.png", "size": [100, 100]}}`,
    );
    const categories = '{"label": {"labels": [{"name": "dent", "parent": ""}]}}';
    return { 'annotations/default.json': `{"categories": ${categories}, "items": [${items.join(',')}]}` };
  },
  createml: (index, damage) => {
    const found = each(index, damage, { label: 'dent', coordinates: corners });
    const records = found.map((text, i) => `{"image": "${i}.png", "annotations": [${text}]}`);
    return { '_annotations.createml.json': `[${records.join(',')}]` };
  },
  bdd100k: (index, damage) => {
    const found = each(index, damage, { id: 7, category: 'dent', box2d: { x1: 1, y1: 2, x2: 4, y2: 6 } });
    const frames = found.map((text, i) => `{"name": "${i}.png", "labels": [${text}]}`);
    return { 'labels.json': `[${frames.join(',')}]` };
  },
  isat: (index, damage) => {
    const objects = each(index, damage, { category: 'dent', group: 1, segmentation: ring, bbox: [1, 2, 4, 6] });
    const texts = objects.map(
      (object, i) => `{"info": {"name": "${i}.png", "width": 100, "height": 100}, "objects": [${object}]}`,
    );
    return perImage('.json', 'images', texts);
  },
  vott: (index, damage) => {
    const box = { left: 1, top: 2, width: 3, height: 4 };
    const found = each(index, damage, { id: 'x', type: 'RECTANGLE', tags: ['dent'], boundingBox: box, points: [] });
    const assets = found.map(
      (text, i) =>
        `"a${i}": {"asset": {"name": "${i}.png", "size": ${JSON.stringify(SIZE)}, "state": 2}, "regions": [${text}]}`,
    );
    return { 'vott-json-export/set-export.json': `{"name": "set", "tags": [], "assets": {${assets.join(',')}}}` };
  },
  darwin: (index, damage) => {
    const paths = [ring.map(([x, y]) => ({ x, y }))];
    const found = each(index, damage, { id: 'x', name: 'dent', polygon: { paths } });
    const texts = found.map((text, i) => {
      const item = JSON.stringify({ name: `${i}.png`, path: '/', slots: [SIZE] });
      return `{"version": "2.0", "schema_ref": "x", "item": ${item}, "annotations": [${text}]}`;
    });
    return perImage('.json', 'annotations', texts);
  },
  sagemaker: (index, damage) => {
    const found = each(index, damage, { class_id: 0, left: 1, top: 2, width: 3, height: 4 });
    const lines = found.map((text, i) => {
      const metadata = '{"class-map": {"0": "dent"}, "type": "groundtruth/object-detection"}';
      const boxes = `{"image_size": [{"width": 100, "height": 100, "depth": 3}], "annotations": [${text}]}`;
      return `{"source-ref": "s3://bucket/${name(i)}", "boxes": ${boxes}, "boxes-metadata": ${metadata}}`;
    });
    return { 'output.manifest': lines.join('\n') };
  },
  labelbox: (index, damage) => {
    const box = { left: 1, top: 2, width: 3, height: 4 };
    const found = each(index, damage, { feature_id: 'x', name: 'dent', bounding_box: box });
    const lines = found.map((text, i) => {
      const labels = `[{"annotations": {"objects": [${text}], "classifications": []}}]`;
      return `{"data_row": {"external_id": "${i}.png"}, "media_attributes": ${JSON.stringify(SIZE)}, "projects": {"p": {"labels": ${labels}}}}`;
    });
    return { 'export.ndjson': lines.join('\n') };
  },
  huggingface: (index, damage) => {
    const box = JSON.stringify([1, 2, 3, 4]);
    const field = (text: string) => /"box":(.*)\}$/.exec(text)?.[1] ?? '"x"';
    const found = numbers.map((i) => (i === index ? field(damage(`{"box":${box}}`)) : box));
    const lines = found.map(
      (text, i) => `{"file_name": "${i}.png", "objects": {"bbox": [${text}], "categories": [0]}}`,
    );
    return { 'images/metadata.jsonl': lines.join('\n') };
  },
  'label-studio csv': (index, damage) => {
    const region = { x: 1, y: 2, width: 3, height: 4, rotation: 0, rectanglelabels: ['dent'] };
    const cells = each(index, (record) => damage(record).replace(/[\r\n]/g, ' '), region);
    const rows = cells.map((cell, i) => `/data/upload/1/${i}.png,${i},"[${cell.replaceAll('"', '""')}]",1,${i + 10}`);
    return { 'project.csv': ['image,id,label,annotator,annotation_id', ...rows].join('\n') };
  },
};
