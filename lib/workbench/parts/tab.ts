import * as z from 'zod/mini';

/** A part with its samples. */
export const partTab = z.object({ kind: z.literal('part'), id: z.string(), partId: z.string(), name: z.string() });
