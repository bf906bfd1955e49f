import { findComponents } from '@/lib/segmentation/components';
import { type Mask } from '@/lib/segmentation/mask';
import { auroc, averagePrecision, f1Max } from './ranking';
import { type ThresholdCounts } from './threshold-counts';
import { binThreshold, SCORE_BINS, scoreBin } from './score-bins';
import { type ProCurve, proCurve } from './pro';

/** The pixel metrics of a set of maps; null where the measure is undefined (no anomalous or no normal pixel). */
export type PixelMetrics = {
  auroc: number | null;
  averagePrecision: number | null;
  f1Max: number | null;
  f1Threshold: number | null;
  pro: number | null;
  /**
   * How far `auroc` can be from that of the unbinned scores, whatever they are: half the pairs that share a bin, over
   * all pairs. It is computed, not assumed; 0 when no bin holds both classes.
   */
  aurocErrorBound: number;
  images: number;
  pixels: number;
  regions: number;
  proCurve: ProCurve;
};

/**
 * Collects anomaly maps and their masks one image at a time and gives the pixel metrics of all of them, in memory that
 * does not grow with the number of images (100 MB of counters; see `score-bins` for why the counts are exact enough).
 */
export class PixelCounter {
  private readonly positives = new Float64Array(SCORE_BINS);
  private readonly negatives = new Float64Array(SCORE_BINS);
  /** Per bin: the sum over its anomalous pixels of 1 / (area of the pixel's region). */
  private readonly overlap = new Float64Array(SCORE_BINS);
  private images = 0;
  private pixels = 0;
  private regions = 0;

  /**
   * @param map H x W row-major, 0..1
   * @param mask H x W, 1 where anomalous; its 8-connected components are the regions of PRO
   * @throws RangeError if the sizes differ or the map leaves 0..1
   */
  add(map: ArrayLike<number>, mask: Mask): void {
    if (map.length !== mask.data.length) {
      throw new RangeError(
        `The anomaly map has ${map.length} pixels and the mask ${mask.data.length}; they must be equal.`,
      );
    }
    for (let pixel = 0; pixel < map.length; pixel += 1) {
      const bin = scoreBin(map[pixel] as number);
      const counts = mask.data[pixel] === 1 ? this.positives : this.negatives;
      counts[bin] = (counts[bin] as number) + 1;
    }
    const components = findComponents(mask);
    for (const { area, runs } of components) {
      for (let run = 0; run < runs.length; run += 3) {
        const row = (runs[run] as number) * mask.width;
        for (let pixel = row + (runs[run + 1] as number); pixel < row + (runs[run + 2] as number); pixel += 1) {
          const bin = scoreBin(map[pixel] as number);
          this.overlap[bin] = (this.overlap[bin] as number) + 1 / area;
        }
      }
    }
    this.images += 1;
    this.pixels += map.length;
    this.regions += components.length;
  }

  /** The metrics of everything added so far. PRO is integrated up to a false positive rate of 0.3 and divided by it. */
  metrics(): PixelMetrics {
    const { counts, overlap, aurocErrorBound } = this.accumulate();
    const best = f1Max(counts);
    const pro = proCurve(counts, overlap);
    return {
      auroc: auroc(counts),
      averagePrecision: averagePrecision(counts),
      f1Max: best?.value ?? null,
      f1Threshold: best?.threshold ?? null,
      pro: pro.area,
      aurocErrorBound,
      images: this.images,
      pixels: this.pixels,
      regions: this.regions,
      proCurve: pro,
    };
  }

  /** The counts from the highest occupied bin down, and the mean region overlap (0..1) at each. */
  private accumulate(): { counts: ThresholdCounts; overlap: Float64Array; aurocErrorBound: number } {
    let occupied = 0;
    for (let bin = 0; bin < SCORE_BINS; bin += 1) {
      occupied += (this.positives[bin] as number) + (this.negatives[bin] as number) > 0 ? 1 : 0;
    }
    const thresholds = new Float64Array(occupied);
    const truePositives = new Float64Array(occupied);
    const falsePositives = new Float64Array(occupied);
    const overlap = new Float64Array(occupied);
    let positives = 0;
    let negatives = 0;
    let covered = 0;
    let sharedPairs = 0;
    let step = 0;
    for (let bin = SCORE_BINS - 1; bin >= 0; bin -= 1) {
      const right = this.positives[bin] as number;
      const wrong = this.negatives[bin] as number;
      if (right + wrong === 0) {
        continue;
      }
      positives += right;
      negatives += wrong;
      covered += this.overlap[bin] as number;
      sharedPairs += right * wrong;
      thresholds[step] = binThreshold(bin);
      truePositives[step] = positives;
      falsePositives[step] = negatives;
      // Sums of fractions may pass 1 by the last bit.
      overlap[step] = this.regions === 0 ? 0 : Math.min(1, covered / this.regions);
      step += 1;
    }
    const pairs = positives * negatives;
    return {
      counts: { thresholds, truePositives, falsePositives, positives, negatives },
      overlap,
      aurocErrorBound: pairs === 0 ? 0 : sharedPairs / 2 / pairs,
    };
  }
}
