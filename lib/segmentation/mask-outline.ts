import type { MaskPart } from '@/lib/contract';
import { maskToPolygons, type Polygon } from '@/lib/segmentation/polygon';
import { rasteriseRle, uniteBitmaps } from './mask-bitmap';

/** The masks' outlines as an SVG path in a box of this size; fill it by the even-odd rule. */
export type MaskOutline = { width: number; height: number; path: string };

/**
 * Longer side of the grid that outlines are traced on: finer than the screen shows, and quick for images of any size.
 */
const MAX_SIDE = 1024;

/** A ring through the middles of its pixel edges: the stairs of slanted borders become straight. */
function ringPath(ring: Polygon): string {
  const points = ring.map((point, index) => {
    const next = ring[(index + 1) % ring.length] ?? point;
    return `${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  return `M${points.join('L')}Z`;
}

/**
 * The union of masks of one image; null when there is nothing to draw.
 * @param side longer side of the grid that it is traced on
 */
export function maskOutline(masks: readonly Pick<MaskPart, 'rle'>[], side = MAX_SIDE): MaskOutline | null {
  const united = uniteBitmaps(masks.map(({ rle }) => rasteriseRle(rle, side)));
  if (united === null || !united.data.includes(1)) {
    return null;
  }
  const { width, height } = united;
  return { width, height, path: maskToPolygons(united).map(ringPath).join('') };
}
