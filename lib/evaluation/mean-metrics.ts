import { type CategoryResult } from './category-metrics';
import { meanInterval } from './metrics/bootstrap';
import { type Report } from './report';

/** The means over categories, each over the categories where the metric is defined; null if there is none. */
export function meanMetrics(results: readonly CategoryResult[]): Report['mean'] {
  const images = results.filter(({ samples }) => samples !== null);
  const pixels = results.flatMap(({ report }) => (report.pixel === null ? [] : [report.pixel]));
  const samples = images.flatMap((result) => (result.samples === null ? [] : [result.samples]));
  const intervals = {
    auroc: meanInterval(samples.map((sample) => sample.auroc)),
    averagePrecision: meanInterval(samples.map((sample) => sample.averagePrecision)),
    f1Max: meanInterval(samples.map((sample) => sample.f1Max)),
  };
  const { auroc, averagePrecision, f1Max } = intervals;
  return {
    imageCategories: images.length,
    pixelCategories: pixels.length,
    image: {
      auroc: mean(results.map(({ report }) => report.image.auroc)),
      averagePrecision: mean(results.map(({ report }) => report.image.averagePrecision)),
      f1Max: mean(results.map(({ report }) => report.image.f1Max)),
      intervals: auroc && averagePrecision && f1Max ? { auroc, averagePrecision, f1Max } : null,
    },
    pixel: {
      auroc: mean(pixels.map((pixel) => pixel.auroc)),
      averagePrecision: mean(pixels.map((pixel) => pixel.averagePrecision)),
      f1Max: mean(pixels.map((pixel) => pixel.f1Max)),
      pro: mean(pixels.map((pixel) => pixel.pro)),
      aupimo: mean(pixels.map((pixel) => pixel.aupimo)),
    },
  };
}

function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}
