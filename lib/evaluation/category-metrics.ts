import { type DatasetItem } from '@/lib/datasets/readers/types';
import { type Verdict } from '@/lib/contract/verdict';
import { type Mask } from '@/lib/segmentation/mask';
import { type BootstrapSamples, bootstrapImageMetrics, percentileInterval } from './metrics/bootstrap';
import { PixelCounter } from './metrics/pixel-counter';
import { pimoArea, sharedFprCurve } from './metrics/pimo';
import { auroc, averagePrecision, f1Max, rocCurve } from './metrics/ranking';
import { countByThreshold } from './metrics/threshold-counts';
import { verdictsOf } from './metrics/decided';
import { type EvaluationOptions } from './options';
import { type CategoryPlan } from './plan';
import { deriveSeed } from '@/lib/common/random';
import { type CategoryReport, type ImageMetricsReport, type PixelMetricsReport } from './report';
import { type ResultsStore } from './results-store';

const HISTOGRAM_BINS = 20;

/** A test image that was scored; `mask` is undefined where it takes no part in the pixel metrics. */
export type ScoredItem = { item: DatasetItem; score: number; verdict?: Verdict | undefined; mask: Mask | undefined };

/** A category's report, and the bootstrap samples that the mean over categories needs. */
export type CategoryResult = { report: CategoryReport; samples: BootstrapSamples | null };

/** Computes the metrics of one category from its scores and stored maps. */
export async function evaluateCategory(
  plan: CategoryPlan,
  scored: readonly ScoredItem[],
  store: ResultsStore,
  options: Pick<EvaluationOptions, 'seed' | 'resamples'>,
): Promise<CategoryResult> {
  const scores = scored.map((entry) => entry.score);
  const labels = scored.map((entry) => entry.item.label);
  const counts = countByThreshold(scores, labels);
  const samples = bootstrapImageMetrics(
    scores,
    labels,
    options.resamples,
    deriveSeed(options.seed, `${plan.category}/bootstrap`),
  );
  const best = f1Max(counts);
  const image: ImageMetricsReport = {
    auroc: auroc(counts),
    averagePrecision: averagePrecision(counts),
    f1Max: best?.value ?? null,
    f1Threshold: best?.threshold ?? null,
    intervals: samples && {
      auroc: percentileInterval(samples.auroc),
      averagePrecision: percentileInterval(samples.averagePrecision),
      f1Max: percentileInterval(samples.f1Max),
    },
  };
  const pixel = await pixelMetrics(scored, store);
  const report: CategoryReport = {
    category: plan.category,
    normal: counts.negatives,
    anomalous: counts.positives,
    references: plan.references.map((item) => item.id),
    image,
    ...verdictsOf(scored.map(({ item, verdict }) => ({ label: item.label, verdict }))),
    pixel: pixel.metrics,
    curves: { roc: rocCurve(counts), pro: pixel.curve },
    histogram: { normal: histogram(scored, 0), anomalous: histogram(scored, 1) },
  };
  return { report, samples };
}

async function pixelMetrics(
  scored: readonly ScoredItem[],
  store: ResultsStore,
): Promise<{ metrics: PixelMetricsReport | null; curve: CategoryReport['curves']['pro'] }> {
  const usable = scored.filter((entry) => entry.mask !== undefined);
  if (!usable.some((entry) => entry.item.label === 1)) {
    return { metrics: null, curve: [] };
  }
  const counter = new PixelCounter();
  for (const entry of usable) {
    const map = await store.map(entry.item.id);
    if (map && entry.mask) {
      counter.add(map, entry.mask);
    }
  }
  const { proCurve, ...metrics } = counter.metrics();
  return {
    metrics: {
      auroc: metrics.auroc,
      averagePrecision: metrics.averagePrecision,
      f1Max: metrics.f1Max,
      pro: metrics.pro,
      aupimo: await meanPimo(usable, store),
      aurocErrorBound: metrics.aurocErrorBound,
      images: metrics.images,
      regions: metrics.regions,
    },
    curve: proCurve.points,
  };
}

async function meanPimo(usable: readonly ScoredItem[], store: ResultsStore): Promise<number | null> {
  const normal = usable.filter((entry) => entry.item.label === 0);
  async function* normalMaps(): AsyncGenerator<Float32Array> {
    for (const { item } of normal) {
      const map = await store.map(item.id);
      if (map) {
        yield map;
      }
    }
  }
  const shared = await sharedFprCurve(normalMaps(), normal.length);
  if (shared === null) {
    return null;
  }
  let sum = 0;
  let images = 0;
  for (const entry of usable.filter(({ item }) => item.label === 1)) {
    const map = await store.map(entry.item.id);
    const area = map && entry.mask ? pimoArea(shared, map, entry.mask.data) : null;
    if (area !== null) {
      sum += area;
      images += 1;
    }
  }
  return images === 0 ? null : sum / images;
}

function histogram(scored: readonly ScoredItem[], label: 0 | 1): number[] {
  const bins = new Array<number>(HISTOGRAM_BINS).fill(0);
  for (const { item, score } of scored) {
    if (item.label === label) {
      const bin = Math.min(HISTOGRAM_BINS - 1, Math.floor(score * HISTOGRAM_BINS));
      bins[bin] = (bins[bin] as number) + 1;
    }
  }
  return bins;
}
