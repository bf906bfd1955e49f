import { type CurvePoint } from './ranking';
import { type ThresholdCounts } from './threshold-counts';

/** False positive rate up to which the per-region overlap is integrated (Bergmann et al., MVTec AD). */
export const PRO_FPR_LIMIT = 0.3;

/**
 * `area` is the normalised integral in 0..1 (null without regions or normal pixels); `points` are for drawing, x <= the
 * limit.
 */
export type ProCurve = { area: number | null; points: CurvePoint[] };

const DRAWN_POINTS = 256;

/**
 * Per-region overlap (PRO): at each threshold, the mean over ground-truth regions of the share of the region that is
 * found, against the share of normal pixels wrongly called anomalous; integrated by trapezoids up to `limit`, the last
 * step interpolated there, and divided by `limit`. Small regions so count as much as large ones.
 *
 * @param counts pixel counts from the highest threshold down
 * @param overlap mean region overlap (0..1) at each threshold
 */
export function proCurve(counts: ThresholdCounts, overlap: Float64Array, limit = PRO_FPR_LIMIT): ProCurve {
  const { falsePositives, positives, negatives } = counts;
  if (positives === 0 || negatives === 0) {
    return { area: null, points: [] };
  }
  let area = 0;
  let last: CurvePoint = { x: 0, y: 0 };
  const points: CurvePoint[] = [last];
  for (let step = 0; step < overlap.length; step += 1) {
    const next = { x: (falsePositives[step] as number) / negatives, y: overlap[step] as number };
    const isOver = next.x > limit;
    const here = isOver ? { x: limit, y: last.y + ((next.y - last.y) * (limit - last.x)) / (next.x - last.x) } : next;
    area += ((here.y + last.y) / 2) * (here.x - last.x);
    const drawn = points[points.length - 1] as CurvePoint;
    if (isOver || step === overlap.length - 1 || (here.x - drawn.x) / limit + here.y - drawn.y >= 1 / DRAWN_POINTS) {
      points.push(here);
    }
    last = here;
    if (isOver) {
      break;
    }
  }
  return { area: Math.min(1, area / limit), points };
}
