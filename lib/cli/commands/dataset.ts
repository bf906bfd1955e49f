import { getEngine } from '@/lib/engine/worker/client';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { batchModes, exportFormats, importFormats, itemOrders } from '@/lib/datasets/contract';
import type { BatchMode, ExportFormat, ImportFormat, ItemOrder } from '@/lib/datasets/contract';
import { findSet, type Json, print } from '../dataset-output';
import { interruptSignal } from '../engine';
import { withOwner } from '../local-owner';
import { integer } from '../option-values';
import { checkWritable, writeResult } from '../output-file';
import { ProgressLine } from '../progress';
import { UsageError } from '../usage-error';
import { registerDraft } from './dataset-draft';

type ImportFlags = Json & { name?: string; format: ImportFormat; report?: string };
type ExportFlags = Json & { format: ExportFormat; out: string; accepted?: true; task: 'detect' | 'segment' };
type InspectFlags = Json & { mode?: BatchMode; reference?: string[] };
type RankFlags = Json & { by: ItemOrder; limit: number };
type CalibrateFlags = Json & { holdOut: number; seed: number };

/** `looktwice dataset`: the same sets that the workbench shows (LOOKTWICE_DATA). */
export function registerDataset(program: Command): void {
  const dataset = program
    .command('dataset')
    .description('import, list, inspect, rank, calibrate, draft texts for and export data sets');
  const json = ['--json', 'print JSON'] as const;
  dataset
    .command('import')
    .description('import a folder or an archive (zip, tar, tar.gz); the same command again goes on where it stopped')
    .argument('<source>', 'folder or archive')
    .option('--name <name>', 'name of the set; an existing one is added to')
    .addOption(new Option('--format <format>', 'how it is laid out').choices(importFormats).default('auto'))
    .option('--report <FILE.csv>', 'where to write every problem (default: import-reports/ of the data directory)')
    .option(...json)
    .action(importSet);
  dataset
    .command('list')
    .description('list the sets')
    .option(...json)
    .action(list);
  dataset
    .command('export')
    .description('write a set as a folder, or as an archive if the name ends in .zip')
    .argument('<set>', 'name or id')
    .addOption(new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory())
    .requiredOption('--out <path>', 'folder or .zip; nothing is overwritten')
    .addOption(new Option('--task <task>', 'YOLO: boxes or outlines').choices(['detect', 'segment']).default('segment'))
    .option('--accepted', 'only items that were accepted in review')
    .option(...json)
    .action(exportSet);
  dataset
    .command('inspect')
    .description('inspect every item of a set; the same command again goes on where it stopped')
    .argument('<set>', 'name or id')
    .addOption(new Option('--mode <mode>', 'how (default: go on, else mutual)').choices(batchModes))
    .option('--reference <path...>', 'paths of normal items in the set, for the mode "references"')
    .option(...json)
    .action(inspect);
  dataset
    .command('rank')
    .description('list the items of an inspected set, the most suspicious first')
    .argument('<set>', 'name or id')
    .addOption(new Option('--by <order>', 'what to sort by').choices(itemOrders).default('disagreement'))
    .option('--limit <N>', 'at most so many', integer(1, 200_000), 20)
    .option(...json)
    .action(rank);
  dataset
    .command('calibrate')
    .description(
      'use accepted normals as references and set the threshold on the reviewed items; shows both on a left-out part',
    )
    .argument('<set>', 'name or id')
    .option('--hold-out <percent>', 'percent of the reviewed items to measure on', integer(10, 90), 50)
    .option('--seed <S>', 'seed of the split', integer(0, 2 ** 31 - 1), 1)
    .option(...json)
    .action(calibrate);
  registerDraft(dataset);
}

async function importSet(path: string, flags: ImportFlags): Promise<void> {
  await checkWritable('--report', flags.report);
  await withOwner(async (owner) => {
    const { findDatasetByName } = await import('@/lib/database/datasets');
    const { findUnfinishedImport, getImportJob, listImportProblems } = await import('@/lib/database/import-jobs');
    const { newArchiveImport, newFolderImport } = await import('@/lib/datasets/start');
    const { newDataset, readDatasetDetail } = await import('@/lib/datasets/sets');
    const { describeImport } = await import('@/lib/datasets/import/report');
    const { runImport } = await import('@/lib/datasets/import/run-import');
    const source = resolve(path);
    const kind = await stat(source).catch(() => undefined);
    if (kind === undefined) {
      throw new UsageError(`${path} does not exist: name a folder or an archive.`);
    }
    const name = flags.name ?? basename(source).replace(/\.(zip|tar|tar\.gz|tgz)$/i, '');
    const set = (await findDatasetByName(owner, name)) ?? (await newDataset(owner, name));
    const { format } = flags;
    const job = kind.isDirectory()
      ? ((await findUnfinishedImport(set.id, source)) ??
        (await newFolderImport(owner, set.id, { directory: source, format, runner: 'cli' })))
      : await newArchiveImport(owner, set.id, {
          source: createReadStream(source),
          name: basename(source),
          format,
          runner: 'cli',
        });
    const progress = new ProgressLine(process.stderr, name);
    const started = performance.now();
    await runImport(job.id, {
      signal: interruptSignal(),
      onProgress: ({ position, total }) => progress.update({ stage: 'importing', done: position, total }),
    }).finally(() => progress.clear());
    const seconds = (performance.now() - started) / 1000;
    const done = await getImportJob(job.id);
    const problems = await listImportProblems(job.id, -1, 1_000_000);
    const { added = 0, updated = 0, unchanged = 0, skipped = 0 } = done ?? {};
    const { counts } = await readDatasetDetail(owner, set.id);
    const report = problems.length === 0 ? null : await writeReport(job.id, flags.report, problems);
    print(
      flags,
      {
        dataset: set.id,
        name,
        job: job.id,
        format: done?.format,
        added,
        updated,
        unchanged,
        skipped,
        seconds,
        labels: { normal: counts.normal, anomalous: counts.anomalous, unlabelled: counts.unlabelled },
        report,
        problems,
      },
      [
        `${name}: ${added} added, ${updated} updated, ${unchanged} unchanged, ${skipped} skipped, ${problems.length} problems`,
        ...describeImport(counts, problems),
        ...(report === null ? [] : [`  Every problem, with file and line: ${report}`]),
      ].join('\n'),
    );
  });
}

/** Writes all problems of an import to a file; returns its path. */
async function writeReport(
  jobId: string,
  named: string | undefined,
  problems: readonly { code: string; place: string; message: string }[],
): Promise<string> {
  const { dataDirectory } = await import('@/lib/storage/data-directory');
  const { problemsCsv } = await import('@/lib/datasets/import/report');
  const file = resolve(named ?? join(dataDirectory(), 'import-reports', `${jobId}.csv`));
  await mkdir(dirname(file), { recursive: true });
  await writeResult(file, problemsCsv(problems));
  return file;
}

async function list(flags: Json): Promise<void> {
  await withOwner(async (owner) => {
    const { readDatasets } = await import('@/lib/datasets/sets');
    const sets = await readDatasets(owner);
    const lines = sets.map(({ id, name, counts }) => {
      const { items, normal, anomalous, unlabelled, reviewed } = counts;
      return `${id}  ${name}: ${items} items (${normal} normal, ${anomalous} anomalous, ${unlabelled} unlabelled), ${reviewed} reviewed`;
    });
    print(
      flags,
      sets,
      lines.length > 0 ? lines.join('\n') : 'There is no data set yet: looktwice dataset import FOLDER',
    );
  });
}

const describeLeftOut = (count: number): string =>
  count === 0
    ? ''
    : `; left out ${count} ${count === 1 ? 'item' : 'items'} that the format has no right place for (left-out.txt lists them)`;

async function exportSet(nameOrId: string, flags: ExportFlags): Promise<void> {
  await withOwner(async (owner) => {
    const { exportFile, exportFolder } = await import('@/lib/datasets/export');
    const set = await findSet(owner, nameOrId);
    let leftOut = 0;
    const onLeftOut = () => {
      leftOut += 1;
    };
    const options = { format: flags.format, accepted: flags.accepted === true, task: flags.task, onLeftOut };
    const out = resolve(flags.out);
    if (out.endsWith('.zip')) {
      await exportFile(set.id, options, out);
      print(flags, { out, leftOut }, `Wrote ${out}${describeLeftOut(leftOut)}`);
    } else {
      const files = await exportFolder(set.id, options, out);
      print(flags, { out, files, leftOut }, `Wrote ${files} files below ${out}${describeLeftOut(leftOut)}`);
    }
  });
}

async function inspect(nameOrId: string, flags: InspectFlags): Promise<void> {
  await withOwner(async (owner) => {
    const { findUnfinishedBatch, getBatchJob } = await import('@/lib/database/batch-jobs');
    const { findItemsByPath } = await import('@/lib/database/dataset-items');
    const { newBatch } = await import('@/lib/datasets/start');
    const { runBatch } = await import('@/lib/datasets/batch/run-batch');
    const set = await findSet(owner, nameOrId);
    const unfinished = flags.mode === undefined ? await findUnfinishedBatch(set.id, 'cli') : null;
    const references = await findItemsByPath(set.id, flags.reference ?? []);
    const referenceIds = references.map(({ id }) => id);
    const job =
      unfinished ?? (await newBatch(owner, set.id, { mode: flags.mode ?? 'mutual', referenceIds, runner: 'cli' }));
    const progress = new ProgressLine(process.stderr, set.name);
    const started = performance.now();
    await runBatch(job.id, {
      engine: getEngine(),
      signal: interruptSignal(),
      onProgress: (done, total) => progress.update({ stage: 'inspecting', done, total }),
    }).finally(() => progress.clear());
    const seconds = (performance.now() - started) / 1000;
    const { done = 0, failed = 0, mode } = (await getBatchJob(job.id)) ?? {};
    print(flags, { job: job.id, mode, done, failed, seconds }, `${set.name}: ${done} inspected, ${failed} failed`);
  });
}

async function rank(nameOrId: string, flags: RankFlags): Promise<void> {
  await withOwner(async (owner) => {
    const { listItems } = await import('@/lib/database/dataset-items');
    const { toSummary } = await import('@/lib/datasets/items');
    const set = await findSet(owner, nameOrId);
    const rows = await listItems(set.id, { filter: {}, order: flags.by, limit: flags.limit });
    const items = rows
      .map(toSummary)
      .map(({ id, path, label, defectType, score, disagreement, uncertainty, judgement }) => {
        return { id, path, label, defectType, score, disagreement, uncertainty, judgement };
      });
    const number = (value: number | null) => (value === null ? '  -  ' : value.toFixed(3));
    const lines = items.map(
      ({ path, label, score, disagreement, uncertainty, judgement }) =>
        `${number(score)}  ${number(disagreement)}  ${number(uncertainty)}  ${(judgement?.verdict ?? '-').padEnd(9)}  ${label.padEnd(10)}  ${path}`,
    );
    print(flags, items, ['score  disagr uncert verdict    label       path', ...lines].join('\n'));
  });
}

async function calibrate(nameOrId: string, flags: CalibrateFlags): Promise<void> {
  await withOwner(async (owner) => {
    const { calibrateSet } = await import('@/lib/datasets/calibrate');
    const { describeCalibration } = await import('@/lib/datasets/calibrate/describe');
    const set = await findSet(owner, nameOrId);
    const report = await calibrateSet(owner, set.id, { holdOut: flags.holdOut / 100, seed: flags.seed });
    print(flags, report, describeCalibration(report));
  });
}
