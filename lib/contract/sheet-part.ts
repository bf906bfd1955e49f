import { z } from 'zod';
import { idSchema } from './ids';
import { judgementSchema } from './judgement';

const fraction = z.number().min(0).max(1);

/** An image of a set as it was judged. */
export const sheetItemSchema = z.object({
  imageId: idSchema,
  /** `GET /api/inspections/:id` has the rest: regions, masks, findings, map. */
  inspectionId: idSchema,
  score: fraction,
  bucket: z.enum(['slightly', 'moderately', 'highly']),
  ...judgementSchema.shape,
  /** Of the others of its set the normal one that is most like it, to compare it with. */
  nearestId: idSchema.nullable().optional(),
  /** What was found; null where nothing is marked. */
  type: z.string().nullable(),
  /** What is marked, as an SVG path in a box of this size (even-odd). */
  outline: z.object({ width: z.int().positive(), height: z.int().positive(), path: z.string() }).nullable(),
});
export type SheetItem = z.infer<typeof sheetItemSchema>;

/**
 * `data-sheet`: a contact sheet: the images of a question that brought a set, those that stand out first. Basis `set`:
 * judged among each other; `zero-shot`: shows something else than the others, so it was judged by itself; `references`,
 * `part`: each was compared with those.
 */
export const sheetPartSchema = z.object({
  items: z.array(sheetItemSchema),
  failed: z.array(z.object({ imageId: idSchema, reason: z.string() })),
  /** The image that the words of the answer are about; null: none could be looked at. */
  subjectId: idSchema.nullable(),
});
export type SheetPart = z.infer<typeof sheetPartSchema>;
