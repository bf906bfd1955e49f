import { compressCounts, rleArea } from '@/lib/segmentation/rle';
import type { Part } from '../contract';
import { FreePaths } from './free-paths';
import { LEFT_OUT_FILE, type LeftOut, leftOutText, trainable } from './trainable';
import type { ExportItem, Exporter } from './types';

/**
 * COCO: images at their own paths, `annotations/instances.json` with compressed run lengths, which keep every pixel; a
 * set with several splits has a file for each (`instances_train.json`). Boxes have their corners as polygon and are
 * marked with `box`. An image without annotations says that nothing is there, so items that are not labelled, or
 * anomalous without a mask or box, are left out and listed in `left-out.txt`. Each image carries under `looktwice` what
 * COCO has no field for.
 */
export const exportCoco: Exporter = async function* (items, { onLeftOut }) {
  const images: { id: number; split: string | null; stated: object }[] = [];
  const drawn: { imageId: number; item: ExportItem; part: Part }[] = [];
  const leftOut: LeftOut[] = [];
  const paths = new FreePaths();
  for await (const item of trainable(items, (left) => {
    leftOut.push(left);
    onLeftOut?.(left);
  })) {
    const id = images.length + 1;
    const { width, height, fields } = item;
    const file_name = paths.pathOf(item);
    images.push({ id, split: fields.split, stated: { id, file_name, width, height, looktwice: fields } });
    drawn.push(...item.parts.map((part) => ({ imageId: id, item, part })));
    yield { path: file_name, content: { blob: item.sha256 } };
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
  for (const [path, own] of filesOf(images)) {
    const ids = new Set(own.map(({ id }) => id));
    const file = {
      info,
      images: own.map(({ stated }) => stated),
      annotations: annotations.filter(({ image_id }) => ids.has(image_id)),
      categories,
    };
    yield { path, content: { text: `${JSON.stringify(file, undefined, 1)}\n` } };
  }
  yield* paths.sidecar();
  if (leftOut.length > 0) {
    yield { path: LEFT_OUT_FILE, content: { text: leftOutText(leftOut) } };
  }
};

/** One file for a set of one split, else one for each, `instances_rest.json` for images without one. */
function filesOf<Image extends { split: string | null }>(images: readonly Image[]): Map<string, Image[]> {
  const several = new Set(images.map(({ split }) => split)).size > 1;
  const files = new Map<string, Image[]>(images.length === 0 ? [['annotations/instances.json', []]] : []);
  for (const image of images) {
    const split = (image.split ?? 'rest').replace(/[^\p{L}\p{N}-]/gu, '-').toLowerCase();
    const path = `annotations/instances${several ? `_${split}` : ''}.json`;
    const own = files.get(path) ?? [];
    own.push(image);
    files.set(path, own);
  }
  return files;
}

function segmentation({ width, height }: ExportItem, { shape, bbox, counts = [] }: Part): object {
  const [x, y, w, h] = bbox;
  return shape === 'box'
    ? { segmentation: [[x, y, x + w, y, x + w, y + h, x, y + h]], area: Number((w * h).toFixed(6)), box: true }
    : { segmentation: { size: [height, width], counts: compressCounts(counts) }, area: rleArea({ counts }) };
}
