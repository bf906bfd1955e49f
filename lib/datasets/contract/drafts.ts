import { z } from 'zod';
import { annotationLimits } from './annotations';
import { itemJobSchema } from './item-job';

/** The texts of an item that an engine can draft, in the order in which it is asked for them. */
export const draftFields = ['description', 'impact', 'suggestion'] as const;
export const draftFieldSchema = z.enum(draftFields);
export type DraftField = z.infer<typeof draftFieldSchema>;

const wanted = z
  .array(draftFieldSchema)
  .min(1)
  .max(draftFields.length)
  .default([...draftFields]);

/** `POST /api/datasets/:id/items/:itemId/draft`: one line of JSON per field, as the model finishes it. */
export const draftRequestSchema = z.object({ fields: wanted });
export const draftLineSchema = z.union([
  z.object({ field: draftFieldSchema, text: z.string() }),
  z.object({ error: z.string() }),
]);

/** Which items: those labelled anomalous, those with a label, or all. */
export const draftScopes = ['anomalous', 'labelled', 'all'] as const;
export const draftScopeSchema = z.enum(draftScopes);
export type DraftScope = z.infer<typeof draftScopeSchema>;

/**
 * `POST /api/datasets/:id/drafts`: texts for all items that lack some. 403 `consent_required` where an engine elsewhere
 * would be sent the pictures and nobody has allowed that: `allowEngine` does, for this job.
 */
export const startDraftsSchema = z.object({
  engine: z.string().min(1).max(60).nullable().default(null),
  fields: wanted,
  scope: draftScopeSchema.default('labelled'),
  allowEngine: z.boolean().default(false),
});
export type StartDrafts = z.infer<typeof startDraftsSchema>;

export const draftJobSchema = itemJobSchema.extend({
  engine: z.string().nullable(),
  label: z.string(),
  fields: z.array(draftFieldSchema),
  scope: draftScopeSchema,
});
export type DraftJobInfo = z.infer<typeof draftJobSchema>;

const text = z.string().max(annotationLimits.textLength).nullable();
/** What an engine wrote about an item and nobody has reviewed yet; only fields that the item lacks. */
export const pendingDraftSchema = z.object({
  /** Who wrote it, as people know the engine. */
  by: z.string(),
  text: z.object({ description: text, impact: text, suggestion: text }),
  /** It says the opposite of the item's label. */
  contradicts: z.boolean(),
});
export type PendingDraft = z.infer<typeof pendingDraftSchema>;
