import sharp from 'sharp';
import { GET as getPicture } from '@/app/api/benchmarks/[id]/examples/[index]/[picture]/route';
import { DELETE as deleteRun, GET as getRun } from '@/app/api/benchmarks/[id]/route';
import { GET as listRuns } from '@/app/api/benchmarks/route';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { benchmarkListSchema, benchmarkSchema } from '@/lib/evaluation/benchmark-contract';
import { collectExamples } from '@/lib/evaluation/examples';
import { EVALUATION_DEFAULTS } from '@/lib/evaluation/options';
import { registerBenchmark } from '@/lib/evaluation/registry';
import { runEvaluation } from '@/lib/evaluation/run';
import { contrastDetector } from '../support/contrast-detector';
import { useDataDirectory } from '../support/data-directory';
import { layFiles, removeFolder } from '../support/folder-tree';
import { call } from '../support/request';
import { tinyMvtecSet } from '../support/tiny-set';

useDataDirectory();

let folder: string;
let id: string;

beforeAll(async () => {
  folder = await layFiles(await tinyMvtecSet(['cup']));
  const { report, store, items } = await runEvaluation({
    listing: await readDataset(folder),
    published: null,
    detector: contrastDetector(),
    storeDirectory: `${folder}/store`,
    options: { ...EVALUATION_DEFAULTS, pixelSize: 32, resamples: 20 },
  });
  id = await registerBenchmark(report, await collectExamples(report, store, items));
  await store.discard();
});

afterAll(() => removeFolder(folder));

it('lists the runs and gives one with its examples and their pictures', async () => {
  const { benchmarks } = benchmarkListSchema.parse(await (await call(listRuns, '/api/benchmarks')).json());
  expect(benchmarks.map((run) => run.id)).toEqual([id]);
  const run = benchmarkSchema.parse(await (await call(getRun, `/api/benchmarks/${id}`, { params: { id } })).json());
  expect(run.report.mean).toEqual(benchmarks[0]?.mean);
  expect(run.examples.length).toBeGreaterThan(3);
  const response = await call(getPicture, '/x', { params: { id, index: '0', picture: 'heatmap' } });
  expect(response.headers.get('content-type')).toBe('image/jpeg');
  expect(await sharp(Buffer.from(await response.arrayBuffer())).metadata()).toMatchObject({ width: 160, height: 160 });
});

it.each([
  { id: 'x', index: '0', picture: 'heatmap' },
  { id: '..', index: '0', picture: 'heatmap' },
  { index: '../0', picture: 'heatmap' },
  { index: '9999', picture: 'heatmap' },
  { index: '0', picture: 'report' },
])('finds no picture for %p', async (params) => {
  expect((await call(getPicture, '/x', { params: { id, ...params } })).status).toBe(404);
});

it('deletes a run once, and knows it no more', async () => {
  const remove = () => call(deleteRun, `/api/benchmarks/${id}`, { method: 'DELETE', params: { id } });
  expect((await remove()).status).toBe(204);
  expect((await remove()).status).toBe(404);
  expect((await call(getRun, `/api/benchmarks/${id}`, { params: { id } })).status).toBe(404);
});
