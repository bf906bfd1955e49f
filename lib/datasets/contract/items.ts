import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import { judgementSchema, modelVerdictSchema } from '@/lib/contract/judgement';
import { labelSchema, verdictSchema } from './annotations';

/** `path`: as imported. The others put the highest first, items without a value last. */
export const itemOrders = ['path', 'score', 'disagreement', 'uncertainty'] as const;
export const itemOrderSchema = z.enum(itemOrders);
export type ItemOrder = z.infer<typeof itemOrderSchema>;

/** `GET /api/datasets/:id/items` */
export const itemsQuerySchema = z.object({
  order: itemOrderSchema.default('path'),
  label: labelSchema.optional(),
  /** `none`: not reviewed. */
  verdict: z.union([verdictSchema, z.literal('none')]).optional(),
  /** What the model says (`verdict` is what reviewers say). */
  modelVerdict: modelVerdictSchema.optional(),
  category: z.string().max(200).optional(),
  defectType: z.string().max(200).optional(),
  /** Assigned to this reviewer. */
  assignee: z.string().max(64).optional(),
  q: z.string().max(200).optional(),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type ItemsQuery = z.infer<typeof itemsQuerySchema>;

/** A row of the list: what a table or a grid shows. */
export const itemSummarySchema = z.object({
  id: z.string(),
  datasetId: z.string(),
  imageId: z.string(),
  path: z.string(),
  split: z.string().nullable(),
  category: z.string().nullable(),
  label: labelSchema,
  defectType: z.string().nullable(),
  maskId: z.string().nullable(),
  verdict: verdictSchema.nullable(),
  revision: z.int(),
  score: z.number().nullable(),
  disagreement: z.number().nullable(),
  uncertainty: z.number().nullable(),
  /** What the model says by the latest batch inspection; null: not inspected, or before there were verdicts. */
  judgement: judgementSchema.nullable(),
  width: z.int(),
  height: z.int(),
});
export type ItemSummary = z.infer<typeof itemSummarySchema>;

export const itemsResponseSchema = z.object({
  items: z.array(itemSummarySchema),
  /** Give it as `cursor` to get what follows; null at the end. */
  cursor: z.string().nullable(),
  /** Items that match the filters, on the first page only. */
  total: z.int().nonnegative().nullable(),
});
export type ItemsResponse = z.infer<typeof itemsResponseSchema>;

/** `POST /api/datasets/:id/similar` `{itemId, limit}` */
export const similarQuerySchema = z.object({
  itemId: idSchema,
  limit: z.coerce.number().int().min(1).max(100).default(24),
});
