import { newId } from '@/lib/contract/ids';
import type { AuditSource } from '@/lib/database/audit';
import { countLacking, createDraftJob, type DraftJobRow, findDraftJobIn } from '@/lib/database/draft-jobs';
import type { Owner } from '@/lib/database/owner';
import { hostOf, storedEngine } from '@/lib/engines/config';
import { addressOf, isAllowedEverywhere, noteSetConsent } from '@/lib/engines/consent';
import { findEngine } from '@/lib/engines/registry';
import { AppError } from '@/lib/http/app-error';
import type { StartDrafts } from '../contract';
import type { Runner } from '../start';

/**
 * A job that drafts texts for the items of a set that lack some.
 * @throws AppError conflict when the set is being drafted already, or lacks nothing; consent_required; EngineError for
 *   an engine that there is not
 */
export async function newDraftJob(
  owner: Owner,
  datasetId: string,
  { engine: named, fields, scope, allowEngine, runner }: StartDrafts & { runner: Runner },
  source: AuditSource,
): Promise<DraftJobRow> {
  const engine = await findEngine(storedEngine(named));
  const isRemote = engine.kind === 'remote';
  if (isRemote && !allowEngine && !(await isAllowedEverywhere(engine))) {
    const what = engine.config.images ? 'The pictures of this set' : 'What was measured on the pictures of this set';
    throw new AppError(
      'consent_required',
      `${what}, its labels and defect types would go to ${engine.label} at ${hostOf(engine.config)}: allow it for this job, or choose another engine`,
    );
  }
  if ((await findDraftJobIn(datasetId, ['waiting', 'running', 'paused'])) !== null) {
    throw new AppError('conflict', 'Texts for this set are being drafted: wait until that is done, or cancel it');
  }
  const wanted = [...new Set(fields)];
  const total = await countLacking(datasetId, scope, wanted);
  if (total === 0) {
    throw new AppError('conflict', 'No item of this choice lacks a text: choose other items or texts');
  }
  const job = await createDraftJob(owner, {
    ...{ id: newId(), datasetId, label: engine.label, fields: wanted, scope, runner, total },
    engine: isRemote ? engine.name : null,
    address: isRemote ? addressOf(engine) : null,
    allowed: isRemote && allowEngine,
  });
  if (isRemote && allowEngine) {
    await noteSetConsent(owner, engine, datasetId, source);
  }
  return job;
}
