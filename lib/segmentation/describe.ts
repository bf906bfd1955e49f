import type { Rle } from './rle';
import { type Component, findComponents } from './components';
import type { Bbox, Mask } from './mask';
import { convexHull, outerCorners } from './min-area-rect';
import { regionTone, type Tone } from './tone';

/** Regions smaller than this share of the image are not counted (unless there are only such). */
export const MIN_REGION_FRACTION = 0.0002;
export const MAX_COUNTED_REGIONS = 16;

/** Thirds of the image, row by row: where a region's centroid lies (docs/design/model.md, Places). */
export const PLACES = [
  'upper left',
  'top centre',
  'upper right',
  'centre left',
  'centre',
  'centre right',
  'lower left',
  'bottom centre',
  'lower right',
] as const;
export type Place = (typeof PLACES)[number];
export type Shape = 'elongated' | 'compact' | 'irregular';

export type RegionMeasure = {
  place: Place;
  areaPx: number;
  /** Percent of the image area with two significant digits, without the sign: `3.2`. */
  extent: string;
  bbox: Bbox;
  shape: Shape;
};

/**
 * What can be said about a mask. The arithmetic is integer or single double operations and equals
 * `instruct/measure.py`, so that training and runtime word the same evidence.
 */
export type MaskMeasure = {
  width: number;
  height: number;
  /** By area, the largest first; empty when nothing is marked. */
  regions: RegionMeasure[];
  totalExtent: string;
  /** Share of all regions together, 0..100. */
  extentPercent: number;
  /** The largest region against the ring around it; null without pixels. */
  tone: Tone | null;
};

/** Percent with two significant digits, trailing zeros cut: `17`, `3.2`, `0.4`, `0.025`. */
export function formatPercent(area: number, total: number): string {
  const percent = (area * 100) / total;
  const digits = percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : percent >= 0.0995 ? 2 : 3;
  const scale = 10 ** digits;
  const units = Math.floor(percent * scale + 0.5);
  const fraction =
    digits > 0
      ? String(units % scale)
          .padStart(digits, '0')
          .replace(/0+$/, '')
      : '';
  const whole = String(Math.floor(units / scale));
  return fraction ? `${whole}.${fraction}` : whole;
}

/** The third (0, 1, 2) of an axis of `size` px in which the mean of pixel centres lies. */
function third(sum: number, area: number, size: number): number {
  return Math.min(2, Math.floor((3 * (2 * sum + area)) / (2 * area * size)));
}

/** Where in the image a component's centroid lies. */
function placeOf({ runs, area }: Component, width: number, height: number): Place {
  let [sumX, sumY] = [0, 0];
  for (let i = 0; i < runs.length; i += 3) {
    const [y = 0, x0 = 0, x1 = 0] = runs.subarray(i, i + 3);
    sumX += ((x0 + x1 - 1) * (x1 - x0)) / 2;
    sumY += y * (x1 - x0);
  }
  return PLACES[third(sumY, area, height) * 3 + third(sumX, area, width)] ?? 'centre';
}

/** The same for a run-length mask (column-major), without drawing it. */
export function placeOfRle({ size: [height, width], counts }: Rle): Place {
  let [sumX, sumY, area, position] = [0, 0, 0, 0];
  counts.forEach((count, index) => {
    let left = index % 2 === 1 ? count : 0;
    let start = position;
    while (left > 0) {
      const y = start % height;
      const run = Math.min(left, height - y);
      sumX += Math.floor(start / height) * run;
      sumY += ((2 * y + run - 1) * run) / 2;
      area += run;
      start += run;
      left -= run;
    }
    position += count;
  });
  return PLACES[third(sumY, area, height) * 3 + third(sumX, area, width)] ?? 'centre';
}

/**
 * Elongated when the smallest enclosing rectangle has aspect >= 3, irregular when less than 0.6 of the hull is filled.
 */
function shapeOf(component: Component): Shape {
  const hull = convexHull(outerCorners(component));
  let twiceArea = 0;
  let [smallest, aspect] = [Infinity, 1];
  hull.forEach((from, i) => {
    const to = hull[(i + 1) % hull.length] ?? from;
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    twiceArea += from.x * to.y - to.x * from.y;
    let [along0, along1, across0, across1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { x, y } of hull) {
      const [along, across] = [x * dx + y * dy, x * dy - y * dx];
      along0 = Math.min(along0, along);
      along1 = Math.max(along1, along);
      across0 = Math.min(across0, across);
      across1 = Math.max(across1, across);
    }
    const [length, breadth] = [along1 - along0, across1 - across0];
    const product = (length * breadth) / (dx * dx + dy * dy);
    if (product < smallest) {
      smallest = product;
      aspect = Math.max(length, breadth) / Math.min(length, breadth);
    }
  });
  if (aspect >= 3) {
    return 'elongated';
  }
  return (2 * component.area) / Math.abs(twiceArea) < 0.6 ? 'irregular' : 'compact';
}

/**
 * Measures a mask: connected regions (8 neighbours, at least 0.02 % of the image, at most 16, else the largest one),
 * their places, extents, shapes, and the tone of the largest.
 * @param rgb 8-bit RGB pixels of the same size, interleaved; without them the tone is null
 * @throws RangeError when the pixels do not fit the mask's size
 */
export function measureMask(mask: Mask, rgb?: Uint8Array | Uint8ClampedArray): MaskMeasure {
  const { width, height } = mask;
  const total = width * height;
  if (rgb !== undefined && rgb.length !== total * 3) {
    throw new RangeError(`The pixels hold ${rgb.length} bytes, but a mask of ${width} x ${height} needs ${total * 3}.`);
  }
  const components = findComponents(mask).sort(
    (a, b) => b.area - a.area || a.bbox[1] - b.bbox[1] || a.bbox[0] - b.bbox[0],
  );
  const large = components.filter(({ area }) => area >= MIN_REGION_FRACTION * total).slice(0, MAX_COUNTED_REGIONS);
  const kept = large.length > 0 ? large : components.slice(0, 1);
  const [largest] = kept;
  const marked = kept.reduce((sum, { area }) => sum + area, 0);
  return {
    width,
    height,
    regions: kept.map((component) => ({
      place: placeOf(component, width, height),
      areaPx: component.area,
      extent: formatPercent(component.area, total),
      bbox: component.bbox,
      shape: shapeOf(component),
    })),
    totalExtent: marked > 0 ? formatPercent(marked, total) : '0',
    extentPercent: (marked * 100) / total,
    tone: largest && rgb ? regionTone(largest, mask, rgb) : null,
  };
}

/**
 * The LOOK-BACK EVIDENCE that is spliced after `<seg>` (docs/design/model.md), without a leading space.
 * @throws RangeError when the measure holds no region
 */
export function evidenceText(measure: MaskMeasure, type: string, material: string): string {
  const [largest, ...others] = measure.regions;
  if (largest === undefined) {
    throw new RangeError('There is no region to describe.');
  }
  const [, , width, height] = largest.bbox;
  const details = [largest.place, `${largest.extent} % of the image`, `${width} x ${height} px`, largest.shape];
  if (measure.tone !== null) {
    details.push(measure.tone === 'similar' ? 'similar in brightness' : measure.tone);
  }
  const count = measure.regions.length;
  const parts = [`${count} ${count === 1 ? 'region' : 'regions'}`, `largest: ${details.join(', ')}`];
  if (others.length === 1 || others.length === 2) {
    parts.push(`others: ${others.map(({ place }) => place).join(', ')}`);
  }
  return `[${[...parts, `type: ${type}`, `material: ${material}`].join('; ')}]`;
}
