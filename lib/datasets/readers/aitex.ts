import path from 'node:path';
import { Collector } from './collector';
import { type DatasetTree } from './tree';

/** Defect codes as AITEX's own description lists them. */
const DEFECTS: Readonly<Record<string, string>> = {
  '002': 'broken end',
  '006': 'broken yarn',
  '010': 'broken pick',
  '016': 'weft curling',
  '019': 'fuzzyball',
  '022': 'cut selvage',
  '023': 'crease',
  '025': 'warp ball',
  '027': 'knots',
  '029': 'contamination',
  '030': 'nep',
  '036': 'weft crack',
};

/**
 * AITEX as downloaded: `Defect_images/NNNN_DDD_FF.png` (number, defect code, fabric code),
 * `NODefect_images/<fabric>/NNNN_000_FF.png` and `Mask_images/NNNN_DDD_FF_mask.png` (some images have `_mask1` and
 * `_mask2`). Each fabric is a category; there is no split.
 */
export async function readAitex(tree: DatasetTree): Promise<Collector> {
  const collector = new Collector(tree);
  const masks = new Map<string, string[]>();
  for (const mask of await tree.images('Mask_images')) {
    const stem = path.parse(mask).name.replace(/_mask\d*$/, '');
    masks.set(stem, [...(masks.get(stem) ?? []), mask]);
  }
  for (const [folder, label] of [
    ['NODefect_images', 0],
    ['Defect_images', 1],
  ] as const) {
    for (const image of await tree.images(folder)) {
      const stem = path.parse(image).name;
      const [, defect, fabric] = /^\d+_(\d+)_(\d+)$/.exec(stem) ?? [];
      if (defect === undefined || fabric === undefined) {
        collector.report('bad_row', image, 'The name is not of the form NNNN_DDD_FF (number, defect, fabric).');
        await collector.doubt(image);
        continue;
      }
      await collector.add(
        {
          image,
          masks: masks.get(stem) ?? [],
          category: `fabric ${fabric}`,
          split: 'test',
          type: label === 0 ? 'good' : (DEFECTS[defect] ?? `defect ${defect}`),
          label,
        },
        masks.size > 0,
      );
    }
  }
  return collector;
}
