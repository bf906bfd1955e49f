import * as z from 'zod/mini';

/** The runs that are compared. */
export const benchmarksTab = z.object({ kind: z.literal('benchmarks'), id: z.string() });
