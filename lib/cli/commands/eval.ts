import path from 'node:path';
import { type Command, Option } from 'commander';
import { FORMAT_NAMES, type FormatName, publishedTitle } from '@/lib/datasets/readers/published-sets';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { openBundle } from '@/lib/engine/bundle';
import { cacheDirectory, defaultBundleDirectory } from '@/lib/engine/paths';
import { collectExamples } from '@/lib/evaluation/examples';
import { inspectorDetector } from '@/lib/evaluation/inspector-detector';
import { EVALUATION_DEFAULTS, type EvaluationOptions } from '@/lib/evaluation/options';
import { progressBar } from '@/lib/evaluation/progress-bar';
import { renderMarkdown } from '@/lib/evaluation/report-markdown';
import { registerBenchmark } from '@/lib/evaluation/registry';
import { runEvaluation } from '@/lib/evaluation/run';
import { writeReports } from '@/lib/evaluation/write-reports';
import { interruptSignal } from '../engine';
import { integer } from '../option-values';
import { checkWritable } from '../output-file';

type EvalFlags = {
  format: FormatName | 'auto';
  shots?: number;
  mutual?: true;
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
      new Option('--format <name>', 'layout or published set').choices(['auto', ...FORMAT_NAMES]).default('auto'),
    )
    .addOption(
      new Option('--shots <K>', `compare with K normal reference images per category (1 to ${MAX_SHOTS})`)
        .argParser(integer(1, MAX_SHOTS))
        .conflicts('mutual'),
    )
    .option('--mutual', 'score each image against the others of its category, unlabelled')
    .option('--limit <N>', 'at most N test images per category', integer(2, 1_000_000))
    .option(
      '--seed <S>',
      'seed of references, limited sets and bootstrap',
      integer(0, 2 ** 31 - 1),
      EVALUATION_DEFAULTS.seed,
    )
    .option('--pixel-size <N>', 'side of the grid for pixel metrics', integer(16, 1024), EVALUATION_DEFAULTS.pixelSize)
    .option('--out <REPORT.json>', 'write the report there, and as .md and .html beside it')
    .option('--no-register', 'do not show the run in the workbench’s Benchmarks view')
    .option('--json', 'print the report as JSON instead of Markdown')
    .action(evaluate);
}

async function evaluate(dataset: string, flags: EvalFlags): Promise<void> {
  await checkWritable('--out', flags.out);
  const listing = await readDataset(dataset, flags.format);
  const bundle = await openBundle(defaultBundleDirectory());
  const detector = inspectorDetector(bundle);
  const signal = interruptSignal();
  const bar = progressBar(process.stderr);
  try {
    const evaluation = await runEvaluation({
      listing,
      published: publishedTitle(flags.format, listing.name),
      detector,
      options: toOptions(flags),
      storeDirectory: path.join(cacheDirectory(), 'evaluations'),
      onProgress: bar.update,
      signal,
    });
    bar.end();
    const { report, store, items } = evaluation;
    const examples = flags.out !== undefined || flags.register ? await collectExamples(report, store, items) : [];
    const written = flags.out === undefined ? [] : await writeReports(report, examples, flags.out);
    if (flags.register && report.images.length > 0) {
      await registerBenchmark(report, examples);
    }
    await store.discard();
    process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${renderMarkdown(report)}\n`);
    written.forEach((file) => process.stderr.write(`Wrote ${file}\n`));
    if (report.problems.length > 0) {
      process.stderr.write(`${report.problems.length} problems with the set; the rest was evaluated.\n`);
      process.exitCode = 1;
    }
  } catch (error) {
    bar.end();
    throw signal.aborted ? new Error('Stopped: the same command goes on where it stopped.') : error;
  } finally {
    await detector.close();
  }
}

function toOptions({ shots, mutual, limit, seed, pixelSize }: EvalFlags): EvaluationOptions {
  const mode = shots !== undefined ? 'few-shot' : mutual ? 'mutual' : 'zero-shot';
  return { ...EVALUATION_DEFAULTS, mode, shots: shots ?? 0, limit, seed, pixelSize };
}
