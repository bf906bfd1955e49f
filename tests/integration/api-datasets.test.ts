import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { pack } from 'tar-stream';
import { GET as readExport } from '@/app/api/datasets/[id]/export/route';
import { GET as readItems } from '@/app/api/datasets/[id]/items/route';
import { GET as readProblems } from '@/app/api/datasets/[id]/imports/[jobId]/problems/route';
import { GET as readImport } from '@/app/api/datasets/[id]/imports/[jobId]/route';
import { POST as startImport } from '@/app/api/datasets/[id]/imports/route';
import { DELETE as removeSet, GET as readSet } from '@/app/api/datasets/[id]/route';
import { GET as listSets, POST as createSet } from '@/app/api/datasets/route';
import type { DatasetInfo, ImportJobInfo, ImportProblemsResponse, ItemsResponse } from '@/lib/datasets/contract';
import { closeJobs } from '@/lib/datasets/jobs';
import { answerFromSet } from '@/lib/datasets/ask';
import { database } from '@/lib/database/client';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';
import { call } from '../support/request';
import { owner } from '../support/sets';

useDataDirectory();
let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-api-'));
});
afterAll(async () => {
  await closeJobs();
  await rm(scratch, { recursive: true, force: true });
});

async function json<T>(response: Response | Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

/** A tar of good and bad parts, one of which is no image. */
async function archive(): Promise<Buffer> {
  const stream = pack();
  for (let i = 0; i < 6; i += 1) {
    stream.entry({ name: `parts/normal/${i}.png` }, await makePng(i, 64, 48));
    stream.entry({ name: `parts/anomalous/dent/${i}.png` }, await makePng(100 + i, 64, 48));
  }
  stream.entry({ name: 'parts/anomalous/broken.png' }, 'this is no image');
  stream.entry({ name: '../outside.png' }, await makePng(7));
  stream.finalize();
  const file = join(scratch, 'parts.tar');
  await pipeline(stream, createWriteStream(file));
  return readFile(file);
}

async function imported(id: string, body: Buffer): Promise<ImportJobInfo> {
  const started = await json<ImportJobInfo>(call(startImport, '/?name=parts.tar', { body, params: { id } }));
  for (;;) {
    const job = await json<ImportJobInfo>(call(readImport, '/', { params: { id, jobId: started.id } }));
    if (!['waiting', 'running'].includes(job.state)) {
      return job;
    }
    await wait(50);
  }
}

test('an archive is imported in the background, told about, listed by pages, exported, and deleted', async () => {
  const body = await archive();
  const set = await json<DatasetInfo>(call(createSet, '/', { json: { name: 'Parts' } }));
  const params = { id: set.id };
  const job = await imported(set.id, body);
  expect(job).toMatchObject({ state: 'done', total: 13, added: 12, skipped: 1, problems: 2, format: 'folder' });
  const { problems } = await json<ImportProblemsResponse>(
    call(readProblems, '/', { params: { ...params, jobId: job.id } }),
  );
  expect(problems.map(({ code, place }) => [code, place])).toEqual([
    ['unsafe_path', '../outside.png'],
    ['unreadable_image', 'anomalous/broken.png'],
  ]);
  // Once more: nothing new.
  expect(await imported(set.id, body)).toMatchObject({ added: 0, updated: 0, unchanged: 12, skipped: 1 });

  const paths: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '/?limit=5' : `/?limit=5&cursor=${cursor}`;
    const page: ItemsResponse = await json<ItemsResponse>(call(readItems, query, { params }));
    paths.push(...page.items.map(({ path }) => path));
    expect(page.total).toBe(cursor === null ? 12 : null);
    cursor = page.cursor;
  } while (cursor !== null);
  expect(paths).toEqual([...paths].sort());
  expect(new Set(paths).size).toBe(12);
  const wrong = await call(readItems, '/?cursor=xyz', { params });
  expect(wrong.status).toBe(400);

  // Sorted by a column that some items lack: they come last, and no item is lost or seen twice on the way.
  const rows = await database().datasetItem.findMany({ where: { datasetId: set.id }, orderBy: { path: 'asc' } });
  for (const [index, { id }] of rows.slice(0, 7).entries()) {
    await database().datasetItem.update({ where: { id }, data: { disagreement: (index % 3) / 4 } });
  }
  const seen: (number | null)[] = [];
  cursor = null;
  do {
    const query: string = `/?order=disagreement&limit=3${cursor === null ? '' : `&cursor=${cursor}`}`;
    const page: ItemsResponse = await json<ItemsResponse>(call(readItems, query, { params }));
    seen.push(...page.items.map(({ disagreement }) => disagreement));
    cursor = page.cursor;
  } while (cursor !== null);
  expect(seen).toEqual([0.5, 0.5, 0.25, 0.25, 0, 0, 0, null, null, null, null, null]);

  const exported = await call(readExport, '/?format=coco', { params });
  expect(
    Buffer.from(await exported.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');

  const card = await answerFromSet(owner, 'Which images of @parts look mislabelled?', []);
  expect(card).toMatchObject({ kind: 'mislabelled', datasetId: set.id });
  expect(card?.rows).toHaveLength(7);
  expect(card?.rows[0]?.cells.at(-1)).toBe('0.50');
  const types = await answerFromSet(owner, 'Summarise the defects of @Parts by type', []);
  expect(types?.rows.map(({ cells }) => cells)).toEqual([['dent', '6', '100.0 %']]);
  expect(await answerFromSet(owner, 'Is this part broken?', [])).toBeNull();

  expect((await call(removeSet, '/', { method: 'DELETE', params })).status).toBe(204);
  expect((await call(readSet, '/', { params })).status).toBe(404);
  expect((await json<{ datasets: unknown[] }>(call(listSets, '/'))).datasets).toEqual([]);
  const [audited] = await database().auditEvent.findMany({ where: { action: 'dataset.delete' } });
  expect(audited).toMatchObject({ actorId: owner.userId, targetType: 'dataset', targetId: set.id });
  expect(audited?.requestId).toBeTruthy();
});

test('what cannot be imported fails with a sentence, and the set stays usable', async () => {
  const set = await json<DatasetInfo>(call(createSet, '/', { json: { name: 'Broken' } }));
  const job = await imported(set.id, Buffer.from('no archive at all'));
  expect(job).toMatchObject({ state: 'failed', error: expect.stringContaining('no zip, tar or tar.gz') });
  const folder = await call(startImport, '/', { json: { directory: '/does/not/exist' }, params: { id: set.id } });
  expect(folder.status).toBe(400);
  expect((await call(readSet, '/', { params: { id: set.id } })).status).toBe(200);
});
