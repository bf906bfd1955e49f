import path from 'node:path';
import { SIDECAR } from '../annotations/sidecar';
import { unmarkedStem } from '../readers/mask-index';
import { fitName } from '../fit-name';
import { maskPng } from './mask-png';
import { LEFT_OUT_FILE, type LeftOut, leftOutText } from './trainable';
import type { ExportItem, Exporter } from './types';

/**
 * MVTec AD's layout: `<category>/<train|test>/<good|type>/<name>` and `<category>/ground_truth/<type>/<stem>_mask.png`.
 * It knows labelled images only and one mask an image; `looktwice.json` keeps the paths, splits and texts that it has
 * no place for.
 */
export const exportMvtec: Exporter = async function* (items, { onLeftOut }) {
  const fields: Record<string, object> = {};
  const taken = new Set<string>();
  const leftOut: LeftOut[] = [];
  for await (const item of items) {
    if (item.fields.label === 'unlabelled') {
      const left = { path: item.path, reason: 'not labelled yet' };
      leftOut.push(left);
      onLeftOut?.(left);
      continue;
    }
    const category = folderName(item.fields.category ?? 'set');
    const type = item.fields.label === 'normal' ? 'good' : folderName(item.fields.defectType ?? 'anomaly');
    // The layout trains on normal images only; the split of the others is kept beside.
    const split = item.fields.split === 'train' && type === 'good' ? 'train' : 'test';
    const name = freeName(item, [category, split, type].join('/'), `${category}/ground_truth/${type}`, taken);
    const target = `${category}/${split}/${type}/${name}`;
    fields[target] = { ...item.fields, path: item.path };
    yield { path: target, content: { blob: item.sha256 } };
    if (item.mask !== null && item.fields.label === 'anomalous') {
      const mask = `${category}/ground_truth/${type}/${path.posix.parse(name).name}_mask.png`;
      yield { path: mask, content: { bytes: await maskPng(item.mask) } };
    }
  }
  yield { path: SIDECAR, content: { text: `${JSON.stringify(fields, undefined, 1)}\n` } };
  if (leftOut.length > 0) {
    yield { path: LEFT_OUT_FILE, content: { text: leftOutText(leftOut) } };
  }
};

/** Bytes of `_mask`, which the mask's name has besides the image's, and of a longer ending than that has. */
const MASK_ROOM = 9;

/** A name that is one folder on every system and not one of the layout's own. */
function folderName(name: string): string {
  const clean = name.replace(/[/\\:*?"<>|\u0000-\u001f]/g, '_').replace(/^\.+|[. ]+$/g, '');
  return fitName(clean === '' || /^(good|ground_truth|train|test)$/i.test(clean) ? `${clean}_` : clean);
}

/**
 * The file's own name, or one made of its whole path when another image, or its mask, has that name on some file
 * system, or when a reader could take one for the mask of the other (`a.png`, `a_gt.png`).
 */
function freeName({ path: full }: ExportItem, folder: string, masks: string, taken: Set<string>): string {
  const whole = full.replaceAll('/', '__');
  const keys = (name: string) =>
    [`${folder}/${name}`, `${masks}/${unmarkedStem(name)}`].map((key) => key.normalize('NFC').toLowerCase());
  const candidates = [path.posix.basename(full), whole, ...Array.from({ length: 1000 }, (_, i) => `${i}__${whole}`)];
  const free =
    candidates.map((name) => fitName(name, MASK_ROOM)).find((name) => !keys(name).some((key) => taken.has(key))) ??
    fitName(whole, MASK_ROOM);
  keys(free).forEach((key) => taken.add(key));
  return free;
}
