import { stringify } from 'yaml';
import { maskToPolygons } from '@/lib/segmentation/polygon';
import { decodeRle } from '@/lib/segmentation/rle';
import { SIDECAR } from '../annotations/sidecar';
import type { Part } from '../contract';
import { joinRings } from './ring';
import { bySplit, LEFT_OUT_FILE, type LeftOut, leftOutText, trainable } from './trainable';
import type { ExportItem, Exporter } from './types';
import { YoloNames } from './yolo-names';

/** Digits behind the point: an image of 50 megapixels keeps its pixels apart. */
const DIGITS = 8;
/** Tools drop an image with a number outside of 0..1. */
const format = (value: number): string => String(Number(Math.min(1, Math.max(0, value)).toFixed(DIGITS)));

type NamedItem = ExportItem & { image: string };

/**
 * YOLO: `images/`, `labels/` (a row per instance: class and an outline, or for `detect` a box), `data.yaml`, and the
 * images of each split in `train.txt`, `val.txt` and `test.txt`. Holes and separate pieces of one instance are joined
 * by bridges. A label file without rows says that nothing is there, so items that are not labelled, or anomalous
 * without a mask or box, are left out and listed in `left-out.txt`. `looktwice.json` keeps what YOLO has no place for.
 */
export const exportYolo: Exporter = async function* (items, { task, onLeftOut }) {
  const kept: NamedItem[] = [];
  const leftOut: LeftOut[] = [];
  const fields: Record<string, object> = {};
  const classes = new Set<string>();
  const names = new YoloNames();
  for await (const item of trainable(items, (left) => {
    leftOut.push(left);
    onLeftOut?.(left);
  })) {
    const image = names.imageOf(item.path);
    // The mask whole is not needed any more: a set of many large ones would fill the memory.
    kept.push({ ...item, image, mask: null });
    fields[image] = { ...item.fields, path: item.path };
    item.parts.forEach(({ label }) => classes.add(label));
    yield { path: image, content: { blob: item.sha256 } };
  }
  const sorted = [...classes].sort();
  for (const item of kept) {
    const text = item.parts.map((part) => `${rowOf(part, item, sorted.indexOf(part.label), task)}\n`).join('');
    yield { path: YoloNames.labelsOf(item.image), content: { text } };
  }
  const { splits, drawn } = bySplit(kept);
  const places: Record<string, string> = {};
  for (const split of ['train', 'val', 'test'] as const) {
    if (splits[split].length > 0) {
      places[split] = `${split}.txt`;
      yield { path: `${split}.txt`, content: { text: splits[split].map(({ image }) => `./${image}\n`).join('') } };
    }
  }
  // Trainers want both; a set without a validation part is measured on its test part, and one of a single image on
  // that.
  const [train, val] = [places.train ?? places.test ?? places.val, places.val ?? places.test ?? places.train];
  const note = drawn
    ? '# The set is not parted into training and others: about a fifth of it was drawn for validation.\n'
    : '';
  // Without `path` trainers look beside this file; "." would be the folder that they are started in.
  const data = {
    train,
    val,
    ...(places.test !== undefined && { test: places.test }),
    names: new Map(sorted.entries()),
  };
  // In quotes, a class called "no" is none that YAML 1.1 takes for false.
  const yaml = stringify(data, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
  yield { path: 'data.yaml', content: { text: note + yaml } };
  yield { path: SIDECAR, content: { text: `${JSON.stringify(fields, undefined, 1)}\n` } };
  if (leftOut.length > 0) {
    yield { path: LEFT_OUT_FILE, content: { text: leftOutText(leftOut) } };
  }
};

function rowOf(part: Part, { width, height }: ExportItem, index: number, task: 'detect' | 'segment'): string {
  const [x, y, w, h] = part.bbox;
  if (task === 'detect') {
    return [index, ...[(x + w / 2) / width, (y + h / 2) / height, w / width, h / height].map(format)].join(' ');
  }
  const corners = [
    { x, y },
    { x: x + w, y },
    { x: x + w, y: y + h },
    { x, y: y + h },
  ];
  const ring =
    part.shape === 'box'
      ? corners
      : joinRings(maskToPolygons(decodeRle({ size: [height, width], counts: part.counts ?? [] })));
  return [index, ...ring.flatMap((point) => [format(point.x / width), format(point.y / height)])].join(' ');
}
