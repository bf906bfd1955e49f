import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { database } from '@/lib/database/client';
import { getBatchJob } from '@/lib/database/batch-jobs';
import { listItems } from '@/lib/database/dataset-items';
import { ensureLocalUser } from '@/lib/database/users';
import { runBatch } from '@/lib/datasets/batch/run-batch';
import { calibrateSet } from '@/lib/datasets/calibrate';
import { findSimilar } from '@/lib/datasets/similar';
import { newBatch } from '@/lib/datasets/start';
import { Engine } from '@/lib/engine/worker/client';
import { useDataDirectory } from '../support/data-directory';
import { importFolder, owner } from '../support/sets';

useDataDirectory();
const images = join(process.cwd(), 'tests/fixtures/images');
let scratch = '';
let engine = new Engine();
beforeAll(async () => {
  await ensureLocalUser();
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-batch-'));
});
afterAll(async () => {
  await engine.close();
  await rm(scratch, { recursive: true, force: true });
});

/** Six cubes; one normal cube is called anomalous. Too few to find it, enough to go through every step. */
async function cubes(): Promise<string> {
  for (const [folder, names] of Object.entries({
    normal: ['cube-normal-1', 'cube-normal-2', 'cube-normal-3'],
    anomalous: ['cube-abnormal-1', 'cube-abnormal-2', 'cube-normal-4'],
  })) {
    await mkdir(join(scratch, 'cubes', folder), { recursive: true });
    for (const name of names) {
      await cp(join(images, `${name}.jpg`), join(scratch, 'cubes', folder, `${name}.jpg`));
    }
  }
  return join(scratch, 'cubes');
}

/**
 * The split hashes the items' ids, which are new in every run: of six items a seed may leave out too many of one label.
 */
async function calibrateAtSomeSeed(datasetId: string): Promise<Awaited<ReturnType<typeof calibrateSet>>> {
  for (let seed = 0; seed < 100; seed += 1) {
    try {
      return await calibrateSet(owner, datasetId, { holdOut: 0.4, seed });
    } catch (error) {
      expect(error).toMatchObject({ code: 'conflict' });
    }
  }
  throw new Error('No seed splits six items so that both parts can be measured.');
}

test('a batch inspection goes on where a restart stopped it, and ranks the items', async () => {
  const { datasetId } = await importFolder(await cubes());
  const job = await newBatch(owner, datasetId, { mode: 'mutual', referenceIds: [], runner: 'server' });
  const controller = new AbortController();
  await expect(
    runBatch(job.id, {
      engine,
      signal: controller.signal,
      onProgress: (done) => done === 2 && controller.abort(),
    }),
  ).rejects.toThrow();
  expect(await getBatchJob(job.id)).toMatchObject({ state: 'running', done: 2 });
  const before = await database().batchResult.findMany({ where: { jobId: job.id } });

  // The process is gone, and with it the engine's thread and its sample of the set.
  await engine.close();
  engine = new Engine();
  const seen: number[] = [];
  await runBatch(job.id, { engine, signal: new AbortController().signal, onProgress: (done) => seen.push(done) });
  expect(seen).toEqual([3, 4, 5, 6]);
  expect(await getBatchJob(job.id)).toMatchObject({ state: 'done', done: 6, failed: 0 });
  const after = await database().batchResult.findMany({ where: { jobId: job.id } });
  expect(after).toHaveLength(6);
  for (const { itemId, score } of before) {
    expect(after.find((row) => row.itemId === itemId)?.score).toBe(score);
  }

  const queue = await listItems(datasetId, { filter: {}, order: 'disagreement', limit: 10 });
  expect(
    queue.every(({ score, disagreement, uncertainty }) => ![score, disagreement, uncertainty].includes(null)),
  ).toBe(true);
  const order = queue.map(({ disagreement }) => disagreement ?? 0);
  expect(order).toEqual([...order].sort((a, b) => b - a));

  const odd = queue.find(({ path }) => path.endsWith('cube-abnormal-1.jpg'));
  const [nearest] = await findSimilar(owner, datasetId, odd?.id ?? '', 3);
  expect(nearest?.similarity).toBeGreaterThan(0.5);

  await database().datasetItem.updateMany({ where: { datasetId }, data: { verdict: 'accepted' } });
  await database().datasetItem.updateMany({
    where: { datasetId, path: { contains: 'cube-normal-4' } },
    data: { label: 'normal', verdict: 'relabelled' },
  });
  const report = await calibrateAtSomeSeed(datasetId);
  expect(report.fittedOn + report.heldOut).toBe(6);
  expect((await database().dataset.findUniqueOrThrow({ where: { id: datasetId } })).threshold).toBe(
    report.after.threshold,
  );
}, 300_000);
