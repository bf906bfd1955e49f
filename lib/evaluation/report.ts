import { z } from 'zod';

/** The JSON report of an evaluation. Everything but `run` is the same whenever the same thing is evaluated. */

const share = z.number().min(0).max(1);
const interval = z.object({ low: share, high: share });
const point = z.object({ x: share, y: share });
const problem = z.object({ code: z.string(), where: z.string(), message: z.string() });

/** Null where a metric is undefined: one class is absent, or there are no masks. */
const imageMetrics = z.object({
  auroc: share.nullable(),
  averagePrecision: share.nullable(),
  f1Max: share.nullable(),
  /** Scores from here up are called anomalous at F1-max. */
  f1Threshold: z.number().nullable(),
  /** 95 % bootstrap intervals over images. */
  intervals: z.object({ auroc: interval, averagePrecision: interval, f1Max: interval }).nullable(),
});

const pixelMetrics = z.object({
  auroc: share.nullable(),
  averagePrecision: share.nullable(),
  f1Max: share.nullable(),
  pro: share.nullable(),
  /** Mean over anomalous images; null without normal images. */
  aupimo: share.nullable(),
  /** How far `auroc` can be from that of the unbinned scores. */
  aurocErrorBound: share,
  images: z.int().nonnegative(),
  regions: z.int().nonnegative(),
});

/** Verdicts at the detector's own bounds (lib/evaluation/metrics/decided.ts); absent where it gives none. */
const verdicts = z.object({
  total: z.int().nonnegative(),
  decided: z.int().nonnegative(),
  coverage: share,
  accuracy: share.nullable(),
});

const category = z.object({
  category: z.string(),
  normal: z.int().nonnegative(),
  anomalous: z.int().nonnegative(),
  /** Ids of the reference images. */
  references: z.array(z.string()),
  image: imageMetrics,
  verdicts: verdicts.optional(),
  /** Null if no anomalous image has a usable mask. */
  pixel: pixelMetrics.nullable(),
  curves: z.object({ roc: z.array(point), pro: z.array(point) }),
  /** Image scores in 20 equal bins over 0..1. */
  histogram: z.object({ normal: z.array(z.int().nonnegative()), anomalous: z.array(z.int().nonnegative()) }),
});

const meanMetrics = z.object({
  /** Categories that each mean is over. */
  imageCategories: z.int().nonnegative(),
  pixelCategories: z.int().nonnegative(),
  image: imageMetrics.omit({ f1Threshold: true }),
  pixel: pixelMetrics.pick({ auroc: true, averagePrecision: true, f1Max: true, pro: true, aupimo: true }),
});

export const reportSchema = z.object({
  format: z.literal(1),
  dataset: z.object({
    name: z.string(),
    layout: z.string(),
    /** The published set's title, if the format or the folder names one. */
    published: z.string().nullable(),
  }),
  detector: z.string(),
  options: z.object({
    mode: z.enum(['zero-shot', 'few-shot', 'mutual']),
    shots: z.int().nonnegative(),
    limit: z.int().positive().nullable(),
    seed: z.int(),
    pixelSize: z.int().positive(),
    resamples: z.int().positive(),
  }),
  categories: z.array(category),
  mean: meanMetrics,
  /** Over all images. */
  verdicts: verdicts.optional(),
  images: z.array(
    z.object({
      id: z.string(),
      category: z.string(),
      type: z.string(),
      label: z.union([z.literal(0), z.literal(1)]),
      score: share,
      verdict: z.enum(['anomalous', 'normal', 'unsure']).optional(),
    }),
  ),
  problems: z.array(problem),
  run: z.object({
    finished: z.iso.datetime(),
    seconds: z.number().nonnegative(),
    /** Images inspected in this run (not taken over from an interrupted one) per second. */
    imagesPerSecond: z.number().nonnegative(),
    peakMemoryMb: z.number().nonnegative(),
  }),
});

export type Report = z.infer<typeof reportSchema>;
export type CategoryReport = Report['categories'][number];
export type ImageMetricsReport = CategoryReport['image'];
export type PixelMetricsReport = NonNullable<CategoryReport['pixel']>;
