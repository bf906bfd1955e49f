import { stringify } from 'yaml';
import { maskToPolygons } from '@/lib/segmentation/polygon';
import { decodeRle } from '@/lib/segmentation/rle';
import { SIDECAR } from '../annotations/sidecar';
import type { Part } from '../contract';
import { joinRings } from './ring';
import type { ExportItem, Exporter } from './types';

/** Digits behind the point: an image of 50 megapixels keeps its pixels apart. */
const DIGITS = 8;
const format = (value: number): string => String(Number(value.toFixed(DIGITS)));

/**
 * YOLO: `images/`, `labels/` (a row per instance: class and an outline, or for `detect` a box) and `data.yaml`. Holes and separate pieces of one instance are joined by
 * bridges. `looktwice.json` keeps what YOLO has no place for.
 */
export const exportYolo: Exporter = async function* (items, { task }) {
  const rows: { path: string; item: ExportItem }[] = [];
  const fields: Record<string, object> = {};
  const names = new Set<string>();
  for await (const item of items) {
    const path = item.path.startsWith('images/') ? item.path : `images/${item.path}`;
    rows.push({ path, item: task === 'segment' ? item : { ...item, mask: null } });
    fields[path] = { ...item.fields, path: item.path };
    item.parts.forEach(({ label }) => names.add(label));
    yield { path, content: { blob: item.sha256 } };
  }
  const classes = [...names].sort();
  for (const { path, item } of rows) {
    const text = item.parts.map((part) => `${rowOf(part, item, classes.indexOf(part.label), task)}\n`).join('');
    yield { path: `labels/${path.slice('images/'.length).replace(/\.[^./]+$/, '')}.txt`, content: { text } };
  }
  const data = {
    path: '.',
    train: 'images',
    val: 'images',
    names: Object.fromEntries(classes.map((name, i) => [i, name])),
  };
  yield { path: 'data.yaml', content: { text: stringify(data) } };
  yield { path: SIDECAR, content: { text: `${JSON.stringify(fields, undefined, 1)}\n` } };
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
