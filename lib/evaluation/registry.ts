import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { dataDirectory } from '@/lib/storage/data-directory';
import { errorCode } from '@/lib/common/error-code';
import {
  type Benchmark,
  benchmarkExampleSchema,
  type BenchmarkSummary,
  benchmarkSummarySchema,
} from './benchmark-contract';
import { benchmarkIdPattern } from './benchmark-id';
import { type Example } from './examples';
import { type Report, reportSchema } from './report';

/**
 * The evaluation runs of an installation, for the workbench: one folder each in the data directory, with `report.json`,
 * `summary.json`, `examples.json` and two JPEG files per example. A run's folder appears whole or not at all.
 */

const PICTURES = ['picture', 'heatmap'] as const;
export type ExamplePicture = (typeof PICTURES)[number];

const exampleListSchema = z.array(benchmarkExampleSchema);

/** Where the runs of a data directory are. */
export function benchmarksDirectory(directory: string = dataDirectory()): string {
  return join(directory, 'benchmarks');
}

/** What was evaluated, as an id: data set, detector and options, whatever the figures. */
function idOf({ dataset, detector, options }: Report): string {
  return createHash('sha256')
    .update(JSON.stringify([dataset, detector, options]))
    .digest('hex')
    .slice(0, 32);
}

function summarise(id: string, report: Report): BenchmarkSummary {
  const { dataset, detector, options, mean, images, categories, problems, run } = report;
  const anomalous = images.filter(({ label }) => label === 1).length;
  return {
    id,
    dataset,
    detector,
    options,
    mean,
    finished: run.finished,
    normal: images.length - anomalous,
    anomalous,
    categories: categories.length,
    problems: problems.length,
  };
}

/**
 * Registers a run; one of the same data set, detector and options before it is replaced.
 * @returns its id
 */
export async function registerBenchmark(
  report: Report,
  examples: readonly Example[],
  root: string = benchmarksDirectory(),
): Promise<string> {
  const id = idOf(report);
  const temporary = join(root, `.${id}.${randomBytes(6).toString('hex')}`);
  await mkdir(temporary, { recursive: true });
  try {
    const list = examples.map(({ picture: _picture, heatmap: _heatmap, ...example }) => example);
    await writeFile(join(temporary, 'report.json'), JSON.stringify(report));
    await writeFile(join(temporary, 'summary.json'), JSON.stringify(summarise(id, report)));
    await writeFile(join(temporary, 'examples.json'), JSON.stringify(list));
    for (const [index, example] of examples.entries()) {
      for (const name of PICTURES) {
        await writeFile(join(temporary, `${index}-${name}.jpg`), example[name]);
      }
    }
    await rm(join(root, id), { recursive: true, force: true });
    await rename(temporary, join(root, id));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  return id;
}

/**
 * The registered runs, the latest first. Folders that hold no readable run (of another version, or damaged) are left
 * out.
 */
export async function listBenchmarks(root: string = benchmarksDirectory()): Promise<BenchmarkSummary[]> {
  const names = (await orAbsent(readdir(root))) ?? [];
  const ids = names.filter((name) => benchmarkIdPattern.test(name));
  const summaries = await Promise.all(
    ids.map(async (id) =>
      parseAs(benchmarkSummarySchema, await orAbsent(readFile(join(root, id, 'summary.json'), 'utf8'))),
    ),
  );
  return summaries
    .filter((summary) => summary !== undefined)
    .sort((a, b) => (a.finished < b.finished ? 1 : a.finished > b.finished ? -1 : a.id < b.id ? -1 : 1));
}

/** A registered run, undefined if there is none of that id. */
export async function readBenchmark(id: string, root: string = benchmarksDirectory()): Promise<Benchmark | undefined> {
  if (!benchmarkIdPattern.test(id)) {
    return undefined;
  }
  const read = (name: string) => orAbsent(readFile(join(root, id, name), 'utf8'));
  const report = parseAs(reportSchema, await read('report.json'));
  const examples = parseAs(exampleListSchema, await read('examples.json'));
  return report && examples && { id, report, examples };
}

/** One picture of an example as JPEG, undefined if there is none. */
export async function readExamplePicture(
  id: string,
  index: number,
  name: ExamplePicture,
  root: string = benchmarksDirectory(),
): Promise<Buffer | undefined> {
  return benchmarkIdPattern.test(id) && Number.isInteger(index)
    ? orAbsent(readFile(join(root, id, `${index}-${name}.jpg`)))
    : undefined;
}

/** Deletes a run; false if there is none of that id. */
export async function deleteBenchmark(id: string, root: string = benchmarksDirectory()): Promise<boolean> {
  if (!benchmarkIdPattern.test(id)) {
    return false;
  }
  return (await orAbsent(rm(join(root, id), { recursive: true }).then(() => true))) ?? false;
}

async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

function parseAs<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) {
    return undefined;
  }
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
