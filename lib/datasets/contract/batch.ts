import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import { itemJobSchema } from './item-job';

export const batchModes = ['zero_shot', 'references', 'mutual'] as const;
export const batchModeSchema = z.enum(batchModes);
export type BatchMode = z.infer<typeof batchModeSchema>;

/** `POST /api/datasets/:id/batches` */
export const startBatchSchema = z.object({
  mode: batchModeSchema,
  /** Items or images of the owner that are normal; only for `references`, at most 16. */
  referenceIds: z.array(idSchema).max(16).default([]),
});

export const batchJobSchema = itemJobSchema.extend({
  mode: batchModeSchema,
  referenceIds: z.array(idSchema),
  bundle: z.string().nullable(),
});
export type BatchJobInfo = z.infer<typeof batchJobSchema>;
