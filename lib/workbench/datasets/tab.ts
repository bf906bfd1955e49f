import * as z from 'zod/mini';

/** A data set. */
export const datasetTab = z.object({
  kind: z.literal('dataset'),
  id: z.string(),
  datasetId: z.string(),
  name: z.string(),
});
