import * as z from 'zod/mini';

/** The review of a data set. */
export const reviewTab = z.object({
  kind: z.literal('review'),
  id: z.string(),
  datasetId: z.string(),
  name: z.string(),
});
