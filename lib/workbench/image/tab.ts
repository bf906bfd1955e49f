import * as z from 'zod/mini';

/** An image with what was found in it. */
export const imageTab = z.object({
  kind: z.literal('image'),
  id: z.string(),
  imageId: z.string(),
  name: z.string(),
  /** Opened for a look only: the next image takes its place, unless it is kept. */
  preview: z.optional(z.boolean()),
});
