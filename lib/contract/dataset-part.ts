import { z } from 'zod';
import { idSchema } from './ids';

/**
 * `data-dataset`: what queries say about a data set that a question names (`@name`). The numbers are the database's,
 * never the model's; `evidence` is what the model was given to word its sentence. Rows with an `itemId` link to that
 * item.
 */
export const datasetPartSchema = z.object({
  datasetId: idSchema,
  name: z.string(),
  kind: z.enum(['summary', 'types', 'mislabelled', 'uncertain', 'similar']),
  title: z.string(),
  evidence: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.object({ itemId: idSchema.nullable(), imageId: idSchema.nullable(), cells: z.array(z.string()) })),
});
export type DatasetPart = z.infer<typeof datasetPartSchema>;
