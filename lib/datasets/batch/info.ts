import { z } from 'zod';
import { idSchema } from '@/lib/assistant/contract/ids';
import type { BatchJobRow } from '@/lib/database/batch-jobs';
import type { BatchJobInfo } from '../contract';

/** A batch inspection as clients see it. */
export function toBatchInfo(job: BatchJobRow): BatchJobInfo {
  const { id, datasetId, mode, state, bundle, total, done, failed, error, activeMs } = job;
  const handled = done + failed;
  const perSecond = handled > 0 && activeMs > 0 ? handled / (activeMs / 1000) : null;
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
    etaSeconds: state === 'running' && perSecond !== null ? Math.round((total - handled) / perSecond) : null,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
