import path from 'node:path';
import { type Command, Option } from 'commander';
import { FORMAT_NAMES, publishedTitle } from '@/lib/datasets/readers/published-sets';
import { labelFileFormats } from '@/lib/datasets/import/read-set';
import { openBundle } from '@/lib/engine/bundle';
import { cacheDirectory, defaultBundleDirectory } from '@/lib/common/paths';
import { collectExamples } from '@/lib/evaluation/examples';
import { inspectorDetector } from '@/lib/evaluation/inspector-detector';
import { type EvaluatedFormat, openSet, withScratch } from '@/lib/evaluation/open-set';
import { EVALUATION_DEFAULTS, type EvaluationOptions } from '@/lib/evaluation/options';
import { progressBar } from '@/lib/evaluation/progress-bar';
import { renderMarkdown } from '@/lib/evaluation/report-markdown';
import { registerBenchmark } from '@/lib/evaluation/registry';
import { type Evaluation, type EvaluationRun, runEvaluation } from '@/lib/evaluation/run';
import { scoreTogether } from '@/lib/evaluation/score-together';
import { writeReports } from '@/lib/evaluation/write-reports';
import { interruptSignal } from '../engine';
import { distinct, integer } from '../option-values';
import { checkWritable } from '../output-file';
import { withPartReferences } from '../part-references';
import { UsageError } from '../usage-error';

type EvalFlags = {
  format: EvaluatedFormat;
  shots?: number[];
  mutual?: true;
  part?: string;
  limit?: number;
  seed: number;
  pixelSize: number;
  out?: string;
  register: boolean;
  json?: true;
};

const MAX_SHOTS = 16;

/** `looktwice eval`: metrics of the model on a data set. Exits with 1 if a part of the set could not be evaluated. */
export function registerEval(program: Command): void {
  program
    .command('eval')
    .description('measure detection on a data set: image and pixel AUROC, AP, F1-max and PRO, per category and mean')
    .argument('<dataset>', 'folder of the data set')
    .addOption(
      new Option('--format <name>', 'layout, published set or label files')
        .choices(['auto', ...FORMAT_NAMES, ...labelFileFormats])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--shots <K,...>',
        `compare with K normal reference images per category (1 to ${MAX_SHOTS}; 0 for none); several numbers give a report each and look at every image once`,
      ).argParser(distinct(integer(0, MAX_SHOTS))),
    )
    .option('--mutual', 'score each image against the others of its category, unlabelled (with --shots: as well)')
    .option('--part <NAME>', 'compare with the good samples of this part, at most 16 of them (looktwice part list)')
    .option('--limit <N>', 'at most N test images per category', integer(2, 1_000_000))
    .option(
      '--seed <S>',
      'seed of references, limited sets and bootstrap',
      integer(0, 2 ** 31 - 1),
      EVALUATION_DEFAULTS.seed,
    )
    .option('--pixel-size <N>', 'side of the grid for pixel metrics', integer(16, 1024), EVALUATION_DEFAULTS.pixelSize)
    .option(
      '--out <REPORT.json>',
      'write the report there, and as .md and .html beside it; several reports get the mode added to the name',
    )
    .option('--no-register', 'do not show the run in the workbench’s Benchmarks view')
    .option('--json', 'print the report as JSON instead of Markdown')
    .action(evaluate);
}

async function evaluate(dataset: string, flags: EvalFlags): Promise<void> {
  await checkWritable('--out', flags.out);
  if (flags.part !== undefined && (flags.shots !== undefined || flags.mutual === true)) {
    throw new UsageError('--part says what to compare with, and so do --shots and --mutual: give one of them.');
  }
  await withScratch((scratch) => evaluateIn(scratch, dataset, flags));
}

async function evaluateIn(scratch: string, dataset: string, flags: EvalFlags): Promise<void> {
  const { listing: read, stacks } = await openSet(dataset, flags.format, scratch);
  if (stacks > 0) {
    process.stderr.write(`${stacks} TIFF stacks: each of their pages is an image of its own.\n`);
  }
  const taught = flags.part === undefined ? undefined : await withPartReferences(read, flags.part);
  const listing = taught?.listing ?? read;
  const bundle = await openBundle(defaultBundleDirectory());
  const detector = inspectorDetector(bundle);
  const signal = interruptSignal();
  const bar = progressBar(process.stderr);
  const runs = allOptions(taught === undefined ? flags : { ...flags, shots: [taught.shots] }).map(
    (options): EvaluationRun => ({
      listing,
      published: publishedTitle(flags.format, listing.name),
      detector,
      options,
      storeDirectory: path.join(cacheDirectory(), 'evaluations'),
      onProgress: bar.update,
      signal,
    }),
  );
  try {
    const common = await scoreTogether(runs);
    for (const run of runs) {
      const evaluation = await runEvaluation(run.options.mode === 'mutual' ? run : { ...run, common });
      bar.end();
      await deliver(
        evaluation,
        listing.unlabelled.length,
        flags,
        runs.length === 1 ? flags.out : outOf(flags.out, run.options),
      );
    }
  } catch (error) {
    bar.end();
    throw signal.aborted ? new Error('Stopped: the same command goes on where it stopped.') : error;
  } finally {
    await detector.close();
  }
}

/**
 * Codes of what is no fault: images without a label, such as a set's hidden test part, files that are no pictures, and
 * how labels and regions were found.
 */
const AS_IS = new Set([
  ...['not_labelled', 'nothing_annotated', 'unused_picture', 'not_needed', 'no_regions'],
  ...['by_mask', 'by_folder', 'other_format', 'box_form', 'moved', 'repeated', 'renamed', 'pages'],
]);

/** Writes, registers and prints the report of one evaluation, and lets go of its partial results. */
async function deliver(
  { report, store, items }: Evaluation,
  unlabelled: number,
  flags: EvalFlags,
  out: string | undefined,
): Promise<void> {
  const examples = out !== undefined || flags.register ? await collectExamples(report, store, items) : [];
  const written = out === undefined ? [] : await writeReports(report, examples, out);
  if (flags.register && report.images.length > 0) {
    await registerBenchmark(report, examples);
  }
  await store.discard();
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${renderMarkdown(report)}\n`);
  written.forEach((file) => process.stderr.write(`Wrote ${file}\n`));
  if (unlabelled > 0) {
    process.stderr.write(`${unlabelled} unlabelled images were left out: the report's problems say why.\n`);
  }
  const amiss = report.problems.filter(({ code }) => !AS_IS.has(code));
  if (amiss.length > 0) {
    process.stderr.write(`${amiss.length} problems with the set; the rest was evaluated.\n`);
    process.exitCode = 1;
  }
}

/** What is evaluated, in the order asked for: zero-shot unless references or the mutual mode are wanted. */
function allOptions({ shots, mutual, limit, seed, pixelSize }: EvalFlags): EvaluationOptions[] {
  const common = { ...EVALUATION_DEFAULTS, limit, seed, pixelSize };
  const single = shots ?? (mutual ? [] : [0]);
  return [
    ...single.map((count) => ({
      ...common,
      mode: count > 0 ? ('few-shot' as const) : ('zero-shot' as const),
      shots: count,
    })),
    ...(mutual ? [{ ...common, mode: 'mutual' as const, shots: 0 }] : []),
  ];
}

/** `reports/bolts.json` as `reports/bolts-shots-4.json`. */
function outOf(out: string | undefined, { mode, shots }: EvaluationOptions): string | undefined {
  if (out === undefined) {
    return undefined;
  }
  const { dir, name, ext } = path.parse(out);
  return path.join(dir, `${name}-${mode === 'few-shot' ? `shots-${shots}` : mode}${ext}`);
}
