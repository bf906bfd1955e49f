import { newId } from '@/lib/contract/ids';
import {
  countBy,
  countItems,
  createDataset,
  type DatasetRow,
  findDataset,
  type LabelCounts,
  listDatasets,
  listReferenceSets,
} from '@/lib/database/datasets';
import { listBatchJobs } from '@/lib/database/batch-jobs';
import { countPendingDrafts, listDraftJobs } from '@/lib/database/draft-jobs';
import { countImportProblems, type ImportJobRow, listImportJobs } from '@/lib/database/import-jobs';
import type { Owner } from '@/lib/database/owner';
import { notFound } from '@/lib/http/app-error';
import { toBatchInfo } from './batch/info';
import { toDraftJobInfo } from './drafts/info';
import type {
  CalibrationReport,
  DatasetCounts,
  DatasetDetail,
  DatasetInfo,
  ImportFormat,
  ImportJobInfo,
} from './contract';
import { speedOf } from './jobs/speed';

function toCounts(rows: readonly LabelCounts[]): DatasetCounts {
  const sum = (pick: (row: LabelCounts) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const labelled = (label: string) => sum((row) => (row.label === label ? row.items : 0));
  return {
    items: sum(({ items }) => items),
    normal: labelled('normal'),
    anomalous: labelled('anomalous'),
    unlabelled: labelled('unlabelled'),
    masks: sum(({ masks }) => masks),
    reviewed: sum(({ verdict, items }) => (verdict === null || verdict === 'skipped' ? 0 : items)),
    accepted: sum(({ verdict, items }) => (verdict === 'accepted' || verdict === 'relabelled' ? items : 0)),
    scored: sum(({ scored }) => scored),
  };
}

function toInfo(row: DatasetRow, counts: readonly LabelCounts[]): DatasetInfo {
  const { id, name, format, threshold, createdAt, updatedAt } = row;
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { id, name, format, threshold, ...times, counts: toCounts(counts) };
}

/** The owner's sets, the latest changed first. */
export async function readDatasets(owner: Owner): Promise<DatasetInfo[]> {
  const rows = await listDatasets(owner);
  const counts = await countItems(rows.map(({ id }) => id));
  return rows.map((row) => toInfo(row, counts.get(row.id) ?? []));
}

/** @throws AppError not_found */
export async function requireDataset(owner: Owner, id: string): Promise<DatasetRow> {
  const row = await findDataset(owner, id);
  if (row === null) {
    throw notFound('data set');
  }
  return row;
}

/** A set with its jobs, categories and types. */
export async function readDatasetDetail(owner: Owner, id: string): Promise<DatasetDetail> {
  const row = await requireDataset(owner, id);
  const counts = await countItems([id]);
  const [categories, defectTypes, referenceSets, imports, batches, drafts, drafted] = await Promise.all([
    countBy(id, 'category'),
    countBy(id, 'defectType'),
    listReferenceSets(id),
    listImportJobs(id),
    listBatchJobs(id),
    listDraftJobs(id),
    countPendingDrafts(id),
  ]);
  const problems = await countImportProblems(imports.map((job) => job.id));
  return {
    ...toInfo(row, counts.get(id) ?? []),
    categories: categories.map(({ value }) => value),
    defectTypes: defectTypes.map(({ value }) => value),
    referenceSets,
    imports: imports.map((job) => toImportInfo(job, problems.get(job.id) ?? {})),
    batches: batches.map(toBatchInfo),
    drafts: drafts.map(toDraftJobInfo),
    drafted,
    calibration: row.calibration as CalibrationReport | null,
  };
}

/** A new, empty set. */
export async function newDataset(owner: Owner, name: string): Promise<DatasetInfo> {
  return toInfo(await createDataset(owner, { id: newId(), name, format: 'auto' }), []);
}

/** @param problemCodes how many problems of each code the import has */
export function toImportInfo(job: ImportJobRow, problemCodes: Record<string, number>): ImportJobInfo {
  const { id, datasetId, source, format, state, total, position, added, updated, unchanged, skipped, error } = job;
  const { perSecond, etaSeconds } = speedOf({ ...job, done: position });
  return {
    id,
    datasetId,
    source,
    format: format as ImportFormat,
    state,
    total,
    position,
    added,
    updated,
    unchanged,
    skipped,
    problems: Object.values(problemCodes).reduce((sum, count) => sum + count, 0),
    problemCodes,
    error,
    imagesPerSecond: perSecond,
    etaSeconds,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
