import { compressCounts, rleArea } from '@/lib/segmentation/rle';
import type { Part } from '../contract';
import type { ExportItem, Exporter } from './types';

export const COCO_FILE = 'annotations/instances.json';

/**
 * COCO: images at their own paths, `annotations/instances.json` with compressed run lengths, which keep every pixel. Boxes have their corners as polygon and are marked with
 * `box`. Each image carries under `looktwice` what COCO has no field for.
 */
export const exportCoco: Exporter = async function* (items) {
  const images: object[] = [];
  const drawn: { imageId: number; item: ExportItem; part: Part }[] = [];
  for await (const item of items) {
    const id = images.length + 1;
    const { path: file_name, width, height, fields } = item;
    images.push({ id, file_name, width, height, looktwice: fields });
    drawn.push(...item.parts.map((part) => ({ imageId: id, item, part })));
    yield { path: item.path, content: { blob: item.sha256 } };
  }
  const names = [...new Set(drawn.map(({ part }) => part.label))].sort();
  const categories = names.map((name, index) => ({ id: index + 1, name, supercategory: 'anomaly' }));
  const annotations = drawn.map(({ imageId, item, part }, index) => ({
    id: index + 1,
    image_id: imageId,
    category_id: names.indexOf(part.label) + 1,
    bbox: part.bbox,
    iscrowd: 0,
    ...segmentation(item, part),
  }));
  const info = { description: 'LookTwice data set', version: '1' };
  const file = { info, images, annotations, categories };
  yield { path: COCO_FILE, content: { text: `${JSON.stringify(file, undefined, 1)}\n` } };
};

function segmentation({ width, height }: ExportItem, { shape, bbox, counts = [] }: Part): object {
  const [x, y, w, h] = bbox;
  return shape === 'box'
    ? { segmentation: [[x, y, x + w, y, x + w, y + h, x, y + h]], area: w * h, box: true }
    : { segmentation: { size: [height, width], counts: compressCounts(counts) }, area: rleArea({ counts }) };
}
