import { database } from './client';

export type JobCount = { kind: 'import' | 'batch' | 'draft'; state: string; count: number };

/** How many imports, batch inspections and draft jobs there are in each state. */
export async function countJobs(): Promise<JobCount[]> {
  const imports = await database().importJob.groupBy({ by: ['state'], _count: true });
  const batches = await database().batchJob.groupBy({ by: ['state'], _count: true });
  const drafts = await database().draftJob.groupBy({ by: ['state'], _count: true });
  return [
    ...imports.map(({ state, _count }) => ({ kind: 'import' as const, state, count: _count })),
    ...batches.map(({ state, _count }) => ({ kind: 'batch' as const, state, count: _count })),
    ...drafts.map(({ state, _count }) => ({ kind: 'draft' as const, state, count: _count })),
  ];
}
