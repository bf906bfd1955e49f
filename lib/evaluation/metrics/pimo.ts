/**
 * AUPIMO (Bertoldo et al. 2024): how well each anomalous image is segmented at thresholds that almost never fire on
 * normal images. The x axis is shared: the mean over NORMAL images of their false positive rate, on a log scale between
 * the two bounds; the y axis is one image's own true positive rate. Every image gets its own area.
 */
const PIMO_BOUNDS = { lower: 1e-5, upper: 1e-4 } as const;

/** Thresholds (strictly falling) and the shared false positive rate (rising, 0..1) at each. */
export type SharedFpr = { thresholds: Float32Array; fpr: Float64Array };

/**
 * The top of the shared false positive curve, from the normal images' maps, one at a time. Only the highest scores are
 * kept: with images of one size the shared rate is the pooled one, so rates up to `upper` need `upper` x (all pixels)
 * scores.
 *
 * @param maps normal images' anomaly maps, all with the same number of pixels
 * @param images how many maps there will be
 * @param upper the highest rate that will be asked for
 * @returns null if there are no images
 * @throws RangeError if the maps differ in size or number
 */
export async function sharedFprCurve(
  maps: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  images: number,
  upper: number = PIMO_BOUNDS.upper,
): Promise<SharedFpr | null> {
  let highest = new Float32Array(0);
  let seen = 0;
  let size = 0;
  for await (const map of maps) {
    if (seen > 0 && map.length !== size) {
      throw new RangeError(`AUPIMO needs maps of one size, got ${map.length} pixels after ${size}.`);
    }
    size = map.length;
    seen += 1;
    const merged = new Float32Array(highest.length + map.length);
    merged.set(highest);
    merged.set(map, highest.length);
    highest = merged.sort().slice(Math.max(0, merged.length - Math.ceil(upper * images * size) - 1));
  }
  if (seen !== images) {
    throw new RangeError(`AUPIMO was told of ${images} normal images but got ${seen}.`);
  }
  if (images === 0) {
    return null;
  }
  const thresholds: number[] = [];
  const fpr: number[] = [];
  for (let rank = highest.length - 1; rank >= 0; rank -= 1) {
    if (rank === 0 || highest[rank - 1] !== highest[rank]) {
      thresholds.push(highest[rank] as number);
      fpr.push((highest.length - rank) / (images * size));
    }
  }
  return { thresholds: Float32Array.from(thresholds), fpr: Float64Array.from(fpr) };
}

/**
 * One anomalous image's area: the mean of its true positive rate over log(shared FPR) between the bounds, in 0..1.
 *
 * Rates between two attainable ones cannot be had; there the true positive rate of the lower, attainable one counts.
 *
 * @returns null if the mask is empty
 */
export function pimoArea(
  shared: SharedFpr,
  map: ArrayLike<number>,
  mask: ArrayLike<number>,
  bounds: { lower: number; upper: number } = PIMO_BOUNDS,
): number | null {
  const scores: number[] = [];
  for (let pixel = 0; pixel < map.length; pixel += 1) {
    if (mask[pixel]) {
      scores.push(map[pixel] as number);
    }
  }
  if (scores.length === 0) {
    return null;
  }
  scores.sort((a, b) => b - a);
  let found = 0;
  let area = 0;
  let left = bounds.lower;
  for (let step = 0; step < shared.thresholds.length && left < bounds.upper; step += 1) {
    // Just above this threshold the rate is that of the previous step, and stays until this step's rate is reached.
    while (found < scores.length && (scores[found] as number) > (shared.thresholds[step] as number)) {
      found += 1;
    }
    const right = Math.min(shared.fpr[step] as number, bounds.upper);
    if (right > left) {
      area += (found / scores.length) * Math.log(right / left);
      left = right;
    }
  }
  return Math.min(1, area / Math.log(bounds.upper / bounds.lower));
}
