import type { GeometricManifest, ReferenceManifest } from '@/lib/engine/manifest';
import type { Nearest } from './similarity';
import type { ByLevel } from './view-patches';

/** The smallest factor of the geometric mean. */
const LEAST_DISTANCE = 1e-3;

/**
 * Distances of patches [n], per level. `discounted`: the one to the nearest reference patch, less its discount. The
 * others are empty where the bundle has no geometric mean.
 */
export type Distances = { discounted: ByLevel; residual: ByLevel; within: ByLevel };

/** Distances less the share of what the nearest patch has itself to the other references. */
export function discount(
  found: readonly Nearest[],
  own: ByLevel,
  settings: Pick<ReferenceManifest, 'discount'>,
): ByLevel {
  return found.map(({ distances, indices }, level) =>
    distances.map((distance, i) => distance - settings.discount * (own[level]?.[indices[i] ?? 0] ?? 0)),
  );
}

/** The mean over levels, of the geometric mean where the bundle has one. */
export function combine({ discounted, residual, within }: Distances, { geometric }: ReferenceManifest): Float32Array {
  const mean = new Float32Array(discounted[0]?.length ?? 0);
  for (const [level, distances] of discounted.entries()) {
    const [left, apart] = [residual[level], within[level]];
    for (const [i, distance] of distances.entries()) {
      mean[i] = (mean[i] ?? 0) + geometricMean(distance, left?.[i], apart?.[i], geometric) / discounted.length;
    }
  }
  return mean;
}

function geometricMean(
  nearest: number,
  residual: number | undefined,
  within: number | undefined,
  weights: GeometricManifest | undefined,
): number {
  if (weights === undefined || residual === undefined || within === undefined) {
    return nearest;
  }
  const { residualWeight, withinWeight } = weights;
  const log = (value: number) => Math.log(Math.max(LEAST_DISTANCE, value));
  return Math.exp(
    (1 - residualWeight - withinWeight) * log(nearest) + residualWeight * log(residual) + withinWeight * log(within),
  );
}

/**
 * The distances of an image's patches of one view kind, view by view, less `share` of the mean over all of them: what a
 * whole image differs by (light, another batch) is not what is wrong with a part of it.
 */
export function lessMean(views: readonly Float32Array[], share: number): Float32Array[] {
  const count = views.reduce((sum, { length }) => sum + length, 0);
  const total = views.reduce((sum, distances) => distances.reduce((all, distance) => all + distance, sum), 0);
  const off = (share * total) / Math.max(1, count);
  return views.map((distances) => distances.map((distance) => distance - off));
}
