import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { collectExamples, type Example } from '@/lib/evaluation/examples';
import { EVALUATION_DEFAULTS } from '@/lib/evaluation/options';
import {
  deleteBenchmark,
  listBenchmarks,
  readBenchmark,
  readExamplePicture,
  registerBenchmark,
} from '@/lib/evaluation/registry';
import { type Report } from '@/lib/evaluation/report';
import { runEvaluation } from '@/lib/evaluation/run';
import { contrastDetector } from '../../support/contrast-detector';
import { layFiles, removeFolder } from '../../support/folder-tree';
import { tinyMvtecSet } from '../../support/tiny-set';

let folder: string;
let root: string;
let report: Report;
let examples: Example[];

beforeAll(async () => {
  folder = await layFiles(await tinyMvtecSet(['cup', 'lid']));
  root = path.join(folder, 'benchmarks');
  const evaluation = await runEvaluation({
    listing: await readDataset(folder),
    published: null,
    detector: contrastDetector(),
    storeDirectory: path.join(folder, 'store'),
    options: { ...EVALUATION_DEFAULTS, pixelSize: 32, resamples: 20 },
  });
  report = evaluation.report;
  examples = await collectExamples(report, evaluation.store, evaluation.items);
  await evaluation.store.discard();
});

afterAll(() => removeFolder(folder));

it('lists nothing where nothing was registered', async () => {
  expect(await listBenchmarks(path.join(folder, 'nowhere'))).toEqual([]);
});

it('gives back what was registered, pictures included', async () => {
  const id = await registerBenchmark(report, examples, root);
  expect(await listBenchmarks(root)).toMatchObject([
    { id, dataset: report.dataset, normal: 12, anomalous: 10, categories: 2, problems: 0, mean: report.mean },
  ]);
  const found = await readBenchmark(id, root);
  expect(found?.report).toEqual(report);
  expect(found?.examples.map((example) => example.id)).toEqual(examples.map((example) => example.id));
  expect(new Set(found?.examples.map(({ category, end }) => `${category} ${end}`)).size).toBe(4);
  expect(await readExamplePicture(id, 1, 'heatmap', root)).toEqual(examples[1]?.heatmap);
  expect(await readExamplePicture(id, 999, 'heatmap', root)).toBeUndefined();
});

it('replaces a run of the same set, detector and options, and keeps others', async () => {
  const again = { ...report, run: { ...report.run, finished: '2031-01-01T00:00:00.000Z' } };
  const other = { ...report, options: { ...report.options, seed: 9 } };
  await registerBenchmark(again, examples.slice(0, 1), root);
  await registerBenchmark(other, [], root);
  const [first, second, ...more] = await listBenchmarks(root);
  expect(more).toEqual([]);
  expect(first?.finished).toBe(again.run.finished);
  expect(second?.options.seed).toBe(9);
  expect((await readBenchmark(first?.id ?? '', root))?.examples).toHaveLength(1);
  expect(await readExamplePicture(first?.id ?? '', 1, 'picture', root)).toBeUndefined();
});

it('leaves out what is damaged, and takes no path for an id', async () => {
  const damaged = '0'.repeat(32);
  await mkdir(path.join(root, damaged), { recursive: true });
  await writeFile(path.join(root, damaged, 'summary.json'), '{"id":');
  await writeFile(path.join(root, damaged, 'report.json'), '{}');
  expect((await listBenchmarks(root)).map(({ id }) => id)).not.toContain(damaged);
  expect(await readBenchmark(damaged, root)).toBeUndefined();
  for (const id of ['..', `../${path.basename(root)}`, `${damaged}/`]) {
    expect(await readBenchmark(id, root)).toBeUndefined();
    expect(await deleteBenchmark(id, root)).toBe(false);
  }
});

it('deletes a run once', async () => {
  const [first] = await listBenchmarks(root);
  expect(await deleteBenchmark(first?.id ?? '', root)).toBe(true);
  expect(await deleteBenchmark(first?.id ?? '', root)).toBe(false);
});
