import path from 'node:path';
import { readDataset } from '@/lib/datasets/readers/read-dataset';
import { EVALUATION_DEFAULTS, type EvaluationOptions } from '@/lib/evaluation/options';
import { type Report } from '@/lib/evaluation/report';
import { type EvaluationRun, runEvaluation } from '@/lib/evaluation/run';
import { scoreTogether } from '@/lib/evaluation/score-together';
import { contrastDetector } from '../../support/contrast-detector';
import { layFiles, removeFolder } from '../../support/folder-tree';
import { tinyMvtecSet } from '../../support/tiny-set';

let root: string;

beforeAll(async () => {
  root = await layFiles({ ...(await tinyMvtecSet(['cup'])), 'cup/test/good/1.png': 'broken' });
});

afterAll(() => removeFolder(root));

const options = (shots: number): EvaluationOptions => ({
  ...EVALUATION_DEFAULTS,
  mode: shots > 0 ? 'few-shot' : 'zero-shot',
  shots,
  pixelSize: 32,
  resamples: 20,
});

async function runsOf(store: string, onInspect: () => void): Promise<EvaluationRun[]> {
  const listing = await readDataset(root);
  const detector = contrastDetector({ onInspect });
  const storeDirectory = path.join(root, store);
  return [0, 1, 3].map((shots) => ({ listing, published: null, detector, options: options(shots), storeDirectory }));
}

async function evaluateAll(runs: readonly EvaluationRun[]): Promise<Omit<Report, 'run'>[]> {
  const reports: Omit<Report, 'run'>[] = [];
  for (const run of runs) {
    const { report, store } = await runEvaluation(run);
    await store.discard();
    const { run: _run, ...lasting } = report;
    reports.push(lasting);
  }
  return reports;
}

it('looks at every image once, and gives the reports of separate runs, problems included', async () => {
  let looks = 0;
  const count = () => {
    looks += 1;
  };
  const apart = await evaluateAll(await runsOf('apart', count));
  expect(looks).toBe(3 * 10);

  looks = 0;
  const runs = await runsOf('together', count);
  const common = await scoreTogether(runs);
  expect([looks, common.images]).toEqual([10, 11]);
  const together = await evaluateAll(runs);
  expect(looks).toBe(10);
  expect(together).toEqual(apart);
  expect(together.map(({ problems }) => problems.map(({ where }) => where))).toEqual(
    Array.from({ length: 3 }, () => ['cup/test/good/1.png']),
  );
  expect(new Set(together.map(({ images }) => JSON.stringify(images))).size).toBeGreaterThan(1);
});

it('takes over what is stored already', async () => {
  let looks = 0;
  const runs = await runsOf('resumed', () => {
    looks += 1;
  });
  await scoreTogether(runs);
  await scoreTogether(runs);
  // The broken image is tried again, but never gets as far as a look.
  expect(looks).toBe(10);
  await evaluateAll(runs);
});
