import type { RegionLimits } from '@/lib/engine/manifest';
import type { Size } from '@/lib/vision/layout';
import { type Component, componentRle, drawComponent, findComponents } from './components';
import { MIN_REGION_FRACTION } from './describe';
import { type Bbox, type Mask, createMask, nearestIndices } from './mask';
import { resizeMask } from './reduce-mask';
import type { Rle } from './rle';

/** One connected region of a mask, in pixels of the original image. */
export type Region = {
  /** `r1`, `r2`, ... in the order of the scores. */
  id: string;
  bbox: Bbox;
  areaPx: number;
  areaFraction: number;
  /** Mean mask probability inside the region, 0..1. */
  score: number;
  rle: Rle;
};

/** A plane of probabilities over the image, maybe coarser than it. */
export type ProbabilityMap = Size & { values: Float32Array };

export type RegionSet = {
  /** Exactly the union of the regions, at the image's size. */
  mask: Mask;
  regions: Region[];
  maxProbability: number;
  /** True when nothing passed the threshold and the lower one was used. */
  fallback: boolean;
};

function thresholdMask({ width, height, values }: ProbabilityMap, threshold: number): Mask {
  const mask = createMask(width, height);
  for (let i = 0; i < values.length; i += 1) {
    mask.data[i] = (values[i] ?? 0) >= threshold ? 1 : 0;
  }
  return mask;
}

/** The mean probability under a component of a mask of the image's size. */
function meanProbability(
  { runs, area }: Component,
  map: ProbabilityMap,
  columns: Int32Array,
  rows: Int32Array,
): number {
  let sum = 0;
  for (let i = 0; i < runs.length; i += 3) {
    const row = (rows[runs[i] ?? 0] ?? 0) * map.width;
    for (let x = runs[i + 1] ?? 0; x < (runs[i + 2] ?? 0); x += 1) {
      sum += map.values[row + (columns[x] ?? 0)] ?? 0;
    }
  }
  return sum / area;
}

function largestOf(components: readonly Component[]): Component[] {
  const largest = components.reduce<Component | undefined>(
    (best, component) => (best === undefined || component.area > best.area ? component : best),
    undefined,
  );
  return largest === undefined ? [] : [largest];
}

/** The components with the highest scores as regions, and the mask that is exactly their union. */
function describe(
  components: readonly Component[],
  map: ProbabilityMap,
  image: Size,
  most: number,
): Pick<RegionSet, 'mask' | 'regions'> {
  const columns = nearestIndices(image.width, map.width);
  const rows = nearestIndices(image.height, map.height);
  const scored = components
    .map((component) => ({ component, score: meanProbability(component, map, columns, rows) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, most);
  const mask = createMask(image.width, image.height);
  scored.forEach(({ component }) => drawComponent(mask, component));
  const regions = scored.map(({ component, score }, index): Region => ({
    id: `r${index + 1}`,
    bbox: component.bbox,
    areaPx: component.area,
    areaFraction: component.area / (image.width * image.height),
    score,
    rle: componentRle(component, image.width, image.height),
  }));
  return { mask, regions };
}

/**
 * Cuts the regions out of a probability map: threshold, connected components (8 neighbours), small ones dropped, the
 * highest scores kept.
 * @param insist a mask was announced, so that something must be shown: when nothing passes, the threshold falls to
 *   `fallbackFraction` of the maximum, and the largest component is kept however small
 */
export function extractRegions(map: ProbabilityMap, image: Size, limits: RegionLimits, insist: boolean): RegionSet {
  const maxProbability = map.values.reduce((max, value) => (value > max ? value : max), 0);
  const minArea = limits.minAreaFraction * image.width * image.height;
  const find = (threshold: number) =>
    findComponents(resizeMask(thresholdMask(map, threshold), image.width, image.height));
  const isLarge = ({ area }: Component) => area >= minArea;

  let kept = find(limits.threshold).filter(isLarge);
  const fallback = kept.length === 0 && insist && maxProbability > 0;
  if (fallback) {
    const all = find(Math.min(limits.threshold, limits.fallbackFraction * maxProbability));
    const large = all.filter(isLarge);
    kept = large.length > 0 ? large : largestOf(all);
  }

  return { ...describe(kept, map, image, limits.maxRegions), maxProbability, fallback };
}

/**
 * The regions of a mask that was drawn otherwise, such as at clicks: its components (8 neighbours), the tiniest left
 * out unless there is nothing else.
 * @param map what the regions are scored by
 */
export function regionsOfMask(drawn: Mask, map: ProbabilityMap, most: number): RegionSet {
  const all = findComponents(drawn);
  const large = all.filter(({ area }) => area >= MIN_REGION_FRACTION * drawn.width * drawn.height);
  const found = describe(large.length > 0 ? large : largestOf(all), map, drawn, most);
  const maxProbability = found.regions.reduce((best, { score }) => Math.max(best, score), 0);
  return { ...found, maxProbability, fallback: false };
}
