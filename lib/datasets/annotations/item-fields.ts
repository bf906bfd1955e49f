import { z } from 'zod';
import { annotationLimits, exchangeSchema, labelSchema } from '../contract';

const text = z.string().max(annotationLimits.textLength).nullable();

/**
 * What our exports add to formats that have no place for it (COCO's images, Label Studio's data, LLaVA's records),
 * under the key `looktwice`. Other readers ignore it; ours gets the same set back.
 */
export const itemFieldsSchema = z.object({
  label: labelSchema,
  category: z.string().max(200).nullable(),
  split: z.string().max(64).nullable(),
  defectType: z.string().max(annotationLimits.typeLength).nullable(),
  description: text,
  impact: text,
  suggestion: text,
  exchanges: z.array(exchangeSchema).max(annotationLimits.exchanges).default([]),
});
export type ItemFields = z.infer<typeof itemFieldsSchema>;

/** The stated fields of an image that our own export described. */
export function statedFields({ description, impact, suggestion, ...fields }: ItemFields) {
  return { ...fields, text: { description, impact, suggestion } };
}
