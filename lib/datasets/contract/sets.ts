import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import { batchJobSchema } from './batch';
import { draftJobSchema } from './drafts';
import { importJobSchema } from './imports';

const count = z.int().nonnegative();

/** `POST /api/datasets` */
export const createDatasetSchema = z.object({ name: z.string().trim().min(1).max(120) });
/** `PATCH /api/datasets/:id` */
export const changeDatasetSchema = z.object({ name: z.string().trim().min(1).max(120) });

/** Items of a set by label and by decision. */
export const datasetCountsSchema = z.object({
  items: count,
  normal: count,
  anomalous: count,
  unlabelled: count,
  masks: count,
  reviewed: count,
  accepted: count,
  scored: count,
});
export type DatasetCounts = z.infer<typeof datasetCountsSchema>;

export const datasetInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  format: z.string(),
  threshold: z.number().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  counts: datasetCountsSchema,
});
export type DatasetInfo = z.infer<typeof datasetInfoSchema>;

/** `GET /api/datasets` */
export const datasetListSchema = z.object({ datasets: z.array(datasetInfoSchema) });

/** `POST /api/datasets/:id/references`: the images of the accepted normal items, as a set to compare with. */
export const referencesSchema = z.object({ id: z.string(), imageIds: z.array(z.string()) });

/** `POST /api/datasets/:id/calibrate` */
export const calibrateSchema = z.object({
  /** Share of the reviewed items that is left out to measure on. */
  holdOut: z.number().min(0.1).max(0.9).default(0.5),
  seed: z.int().min(0).default(1),
  batchId: idSchema.optional(),
});

/** Quality of a threshold on items that it was not chosen on. Null: cannot be said (one class only). */
export const thresholdMetricsSchema = z.object({
  threshold: z.number(),
  accuracy: z.number(),
  balancedAccuracy: z.number().nullable(),
  precision: z.number().nullable(),
  recall: z.number().nullable(),
  f1: z.number().nullable(),
});
export type ThresholdMetrics = z.infer<typeof thresholdMetricsSchema>;

export const calibrationReportSchema = z.object({
  seed: z.int(),
  batchId: z.string(),
  mode: z.string(),
  fittedOn: count,
  heldOut: count,
  before: thresholdMetricsSchema,
  after: thresholdMetricsSchema,
  aurocBefore: z.number().nullable(),
  auroc: z.number().nullable(),
});
export type CalibrationReport = z.infer<typeof calibrationReportSchema>;

/** `GET /api/datasets/:id` */
export const datasetDetailSchema = datasetInfoSchema.extend({
  categories: z.array(z.string()),
  defectTypes: z.array(z.string()),
  referenceSets: z.array(z.object({ id: z.string(), name: z.string(), images: count })),
  imports: z.array(importJobSchema),
  batches: z.array(batchJobSchema),
  drafts: z.array(draftJobSchema),
  /** Items with a draft that nobody has reviewed yet. */
  drafted: count,
  calibration: calibrationReportSchema.nullable(),
});
export type DatasetDetail = z.infer<typeof datasetDetailSchema>;
