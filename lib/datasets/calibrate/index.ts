import { newId } from '@/lib/contract/ids';
import { type BatchJobRow, eachResult, listBatchJobs } from '@/lib/database/batch-jobs';
import { changeDataset, createReferenceSet } from '@/lib/database/datasets';
import { listAccepted } from '@/lib/database/dataset-items';
import type { Owner } from '@/lib/database/owner';
import { MAX_REFERENCES } from '@/lib/anomaly/scorer';
import { deriveSeed, seededRandom } from '@/lib/common/random';
import { AppError, notFound } from '@/lib/http/app-error';
import type { CalibrationReport } from '../contract';
import { requireDataset } from '../sets';
import { bestThreshold, metricsAt, rankQuality, type Scored } from './threshold';

/** What counts as anomalous before anything was calibrated. */
const DEFAULT_THRESHOLD = 0.5;

type Split = { holdOut: number; seed: number };

/** Whether an item is left out to measure on; depends on nothing but the item and the seed. */
function isHeldOut(itemId: string, { holdOut, seed }: Split): boolean {
  return seededRandom(deriveSeed(seed, itemId))() < holdOut;
}

/**
 * Makes a reference set of normal items that were accepted in review, of the part that is not left out.
 * @throws AppError conflict when there is none
 */
export async function acceptedReferences(
  owner: Owner,
  datasetId: string,
  split: Split,
): Promise<{ id: string; imageIds: string[] }> {
  const set = await requireDataset(owner, datasetId);
  const accepted = await listAccepted(datasetId, 'normal');
  const order = ({ id }: { id: string }) => deriveSeed(split.seed, `${id} reference`);
  const chosen = accepted.filter(({ id }) => !isHeldOut(id, split)).sort((a, b) => order(a) - order(b));
  const imageIds = [...new Set(chosen.map(({ imageId }) => imageId))].slice(0, MAX_REFERENCES);
  if (imageIds.length === 0) {
    throw new AppError('conflict', 'No normal item is accepted yet: accept some in review first');
  }
  const id = newId();
  await createReferenceSet(owner, { id, datasetId, name: `Accepted normals of ${set.name}`, imageIds });
  return { id, imageIds };
}

/**
 * Sets the threshold of a set on the part of its reviewed items that is not left out, and measures it on the rest:
 * before (the zero-shot inspection if there is one, threshold one half) and after (the chosen inspection, the new
 * threshold).
 *
 * @param batchId a finished inspection of the set, by default the latest
 * @throws AppError not_found, conflict when too little is inspected or reviewed
 */
export async function calibrateSet(
  owner: Owner,
  datasetId: string,
  { batchId, ...split }: Split & { batchId?: string | undefined },
): Promise<CalibrationReport> {
  await requireDataset(owner, datasetId);
  const jobs = (await listBatchJobs(datasetId)).filter(({ state }) => state === 'done');
  const job = batchId === undefined ? jobs[0] : jobs.find(({ id }) => id === batchId);
  if (job === undefined) {
    throw batchId === undefined
      ? new AppError('conflict', 'The set is not inspected yet: start a batch inspection first')
      : notFound('finished batch inspection');
  }
  const before = jobs.find(({ mode }) => mode === 'zero_shot') ?? job;
  const after = await reviewedScores(job);
  const fitted = after.filter(({ itemId }) => !isHeldOut(itemId, split));
  const heldOut = after.filter(({ itemId }) => isHeldOut(itemId, split));
  const threshold = bestThreshold(fitted);
  if (threshold === undefined || heldOut.length === 0) {
    throw new AppError('conflict', 'Too few items are reviewed: accept normal and anomalous ones in review first');
  }
  const known = new Set(heldOut.map(({ itemId }) => itemId));
  const baseline = (before === job ? after : await reviewedScores(before)).filter(({ itemId }) => known.has(itemId));
  const report: CalibrationReport = {
    seed: split.seed,
    batchId: job.id,
    mode: job.mode,
    fittedOn: fitted.length,
    heldOut: heldOut.length,
    before: metricsAt(baseline, DEFAULT_THRESHOLD),
    after: metricsAt(heldOut, threshold),
    aurocBefore: rankQuality(baseline),
    auroc: rankQuality(heldOut),
  };
  await changeDataset(owner, datasetId, { threshold, calibration: report });
  return report;
}

type ReviewedScore = Scored & { itemId: string };

/**
 * Scores of the items whose label was accepted or corrected in review; the references of the inspection are not
 * counted.
 */
async function reviewedScores(job: BatchJobRow): Promise<ReviewedScore[]> {
  const references = new Set(job.referenceIds as unknown[]);
  const scores: ReviewedScore[] = [];
  for await (const { itemId, score, item } of eachResult(job.id)) {
    const isReviewed = item.verdict === 'accepted' || item.verdict === 'relabelled';
    if (isReviewed && item.label !== 'unlabelled' && score !== null && !references.has(item.imageId)) {
      scores.push({ itemId, score, anomalous: item.label === 'anomalous' });
    }
  }
  return scores;
}
