import { z } from 'zod';
import { idSchema } from '@/lib/contract/ids';
import type { BatchJobRow } from '@/lib/database/batch-jobs';
import type { BatchJobInfo } from '../contract';
import { speedOf } from '../jobs/speed';

/** A batch inspection as clients see it. */
export function toBatchInfo(job: BatchJobRow): BatchJobInfo {
  const { id, datasetId, mode, state, bundle, total, done, failed, error } = job;
  const { perSecond, etaSeconds } = speedOf({ ...job, done: done + failed });
  return {
    id,
    datasetId,
    mode,
    state,
    referenceIds: z.array(idSchema).parse(job.referenceIds),
    bundle,
    total,
    done,
    failed,
    error,
    itemsPerSecond: perSecond,
    etaSeconds,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
