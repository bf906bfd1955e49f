import { z } from 'zod';
import type { DraftJobRow } from '@/lib/database/draft-jobs';
import { type DraftField, type DraftJobInfo, draftFieldSchema } from '../contract';
import { speedOf } from '../jobs/speed';

/** The fields of a job, as they are stored. */
export const fieldsOf = ({ fields }: Pick<DraftJobRow, 'fields'>): DraftField[] =>
  z.array(draftFieldSchema).parse(fields);

/** A job that drafts texts, as clients see it. */
export function toDraftJobInfo(job: DraftJobRow): DraftJobInfo {
  const { id, datasetId, engine, label, scope, state, total, done, failed, error } = job;
  const { perSecond, etaSeconds } = speedOf({ ...job, done: done + failed });
  return {
    ...{ id, datasetId, engine, label, scope, state, total, done, failed, error },
    fields: fieldsOf(job),
    itemsPerSecond: perSecond,
    etaSeconds,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
