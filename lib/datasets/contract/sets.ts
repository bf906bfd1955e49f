import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import type { BatchJobInfo } from './batch';
import type { DraftJobInfo } from './drafts';
import type { ImportJobInfo } from './imports';

/** `POST /api/datasets` */
export const createDatasetSchema = z.object({ name: z.string().trim().min(1).max(120) });
/** `PATCH /api/datasets/:id` */
export const changeDatasetSchema = z.object({ name: z.string().trim().min(1).max(120) });

/** Items of a set by label and by decision. */
export type DatasetCounts = {
  items: number;
  normal: number;
  anomalous: number;
  unlabelled: number;
  masks: number;
  reviewed: number;
  accepted: number;
  scored: number;
};

export type DatasetInfo = {
  id: string;
  name: string;
  format: string;
  threshold: number | null;
  createdAt: string;
  updatedAt: string;
  counts: DatasetCounts;
};

/** `GET /api/datasets/:id` */
export type DatasetDetail = DatasetInfo & {
  categories: string[];
  defectTypes: string[];
  referenceSets: { id: string; name: string; images: number }[];
  imports: ImportJobInfo[];
  batches: BatchJobInfo[];
  drafts: DraftJobInfo[];
  /** Items with a draft that nobody has reviewed yet. */
  drafted: number;
  calibration: CalibrationReport | null;
};

/** `POST /api/datasets/:id/calibrate` */
export const calibrateSchema = z.object({
  /** Share of the reviewed items that is left out to measure on. */
  holdOut: z.number().min(0.1).max(0.9).default(0.5),
  seed: z.int().min(0).default(1),
  batchId: idSchema.optional(),
});

/** Quality of a threshold on items that it was not chosen on. Null: cannot be said (one class only). */
export type ThresholdMetrics = {
  threshold: number;
  accuracy: number;
  balancedAccuracy: number | null;
  precision: number | null;
  recall: number | null;
  f1: number | null;
};

export type CalibrationReport = {
  seed: number;
  batchId: string;
  mode: string;
  fittedOn: number;
  heldOut: number;
  before: ThresholdMetrics;
  after: ThresholdMetrics;
  aurocBefore: number | null;
  auroc: number | null;
};
