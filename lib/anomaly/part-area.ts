import type { Layout } from '@/lib/vision/layout';
import { patchExtents } from './patches';

/** [x, y, width, height] in fractions of the image, 0..1. */
export type AreaBox = readonly [number, number, number, number];

/** What of a part's images counts: what is inside of `inside` (null: everything) and in none of `ignore`. */
export type PartArea = { inside: AreaBox | null; ignore: readonly AreaBox[] };

/**
 * Which of the valid patches of each view count, by their middle: per view [rows * columns], 1 where one does.
 * @param shape of the encoder: patches per side, and their size in px
 */
export function keptPatches(layout: Layout, shape: { grid: number; patch: number }, area: PartArea): Uint8Array[] {
  return patchExtents(layout, shape).map(({ columns, rows }, index) => {
    const view = layout.views[index];
    const kept = new Uint8Array(columns * rows);
    for (let patch = 0; view !== undefined && patch < kept.length; patch += 1) {
      const [column, row] = [patch % columns, Math.floor(patch / columns)];
      const x = ((column + 0.5) * shape.patch + view.left) / (view.scaleX * layout.image.width);
      const y = ((row + 0.5) * shape.patch + view.top) / (view.scaleY * layout.image.height);
      kept[patch] = counts(x, y, area) ? 1 : 0;
    }
    return kept;
  });
}

function counts(x: number, y: number, { inside, ignore }: PartArea): boolean {
  const holds = ([left, top, width, height]: AreaBox) => x >= left && x < left + width && y >= top && y < top + height;
  return (inside === null || holds(inside)) && !ignore.some(holds);
}
