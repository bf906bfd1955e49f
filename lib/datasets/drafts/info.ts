import { z } from 'zod';
import type { DraftJobRow } from '@/lib/database/draft-jobs';
import { type DraftField, type DraftJobInfo, draftFieldSchema } from '../contract';

/** The fields of a job, as they are stored. */
export const fieldsOf = ({ fields }: Pick<DraftJobRow, 'fields'>): DraftField[] =>
  z.array(draftFieldSchema).parse(fields);

/** A job that drafts texts, as clients see it. */
export function toDraftJobInfo(job: DraftJobRow): DraftJobInfo {
  const { id, datasetId, engine, label, scope, state, total, done, failed, error, activeMs } = job;
  const handled = done + failed;
  const perSecond = handled > 0 && activeMs > 0 ? handled / (activeMs / 1000) : null;
  return {
    ...{ id, datasetId, engine, label, scope, state, total, done, failed, error },
    fields: fieldsOf(job),
    itemsPerSecond: perSecond,
    etaSeconds:
      state === 'running' && perSecond !== null ? Math.max(0, Math.round((total - handled) / perSecond)) : null,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
