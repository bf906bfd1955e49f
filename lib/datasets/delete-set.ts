import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { listBatchJobs } from '@/lib/database/batch-jobs';
import { listDraftJobs } from '@/lib/database/draft-jobs';
import { changeDataset } from '@/lib/database/datasets';
import { listImportJobs } from '@/lib/database/import-jobs';
import type { Owner } from '@/lib/database/owner';
import { command } from './jobs';
import { requireDataset } from './sets';

const OPEN = new Set(['waiting', 'running', 'paused']);

/**
 * Takes a set out of all lists and ends its jobs. Days later it is deleted for good, with the images that nothing else
 * uses (lib/datasets/purge).
 * @throws AppError not_found
 */
export async function deleteDataset(owner: Owner, id: string, source: AuditSource): Promise<void> {
  await requireDataset(owner, id);
  for (const job of (await listImportJobs(id)).filter(({ state }) => OPEN.has(state))) {
    await command('imports', job.id, 'cancel');
  }
  for (const job of (await listBatchJobs(id)).filter(({ state }) => OPEN.has(state))) {
    await command('batches', job.id, 'cancel');
  }
  for (const job of (await listDraftJobs(id)).filter(({ state }) => OPEN.has(state))) {
    await command('drafts', job.id, 'cancel');
  }
  await changeDataset(owner, id, { deletedAt: new Date() });
  await recordAudit({
    ...{ actorId: owner.userId, action: 'dataset.delete', targetType: 'dataset', targetId: id },
    ...source,
  });
}
