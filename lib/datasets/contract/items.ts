import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import { type Judgement } from '@/lib/contract/verdict';
import { modelVerdictSchema } from '@/lib/contract/judgement';
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
export type ItemSummary = {
  id: string;
  datasetId: string;
  imageId: string;
  path: string;
  split: string | null;
  category: string | null;
  label: z.infer<typeof labelSchema>;
  defectType: string | null;
  maskId: string | null;
  verdict: z.infer<typeof verdictSchema> | null;
  revision: number;
  score: number | null;
  disagreement: number | null;
  uncertainty: number | null;
  /** What the model says by the latest batch inspection; null: not inspected, or before there were verdicts. */
  judgement: Judgement | null;
  width: number;
  height: number;
};

export type ItemsResponse = {
  items: ItemSummary[];
  /** Give it as `cursor` to get what follows; null at the end. */
  cursor: string | null;
  /** Items that match the filters, on the first page only. */
  total: number | null;
};

/** `POST /api/datasets/:id/similar` `{itemId, limit}` */
export const similarQuerySchema = z.object({
  itemId: idSchema,
  limit: z.coerce.number().int().min(1).max(100).default(24),
});
