import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import { jobStateSchema } from './imports';

/** What every job over the items of a set tells of itself. */
export const itemJobSchema = z.object({
  id: idSchema,
  datasetId: idSchema,
  state: jobStateSchema,
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  error: z.string().nullable(),
  itemsPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
