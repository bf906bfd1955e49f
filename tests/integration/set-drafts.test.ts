import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GET as readDetail } from '@/app/api/datasets/[id]/route';
import { PATCH as change } from '@/app/api/datasets/[id]/drafts/[jobId]/route';
import { POST as start } from '@/app/api/datasets/[id]/drafts/route';
import { database } from '@/lib/database/client';
import { getDraftJob } from '@/lib/database/draft-jobs';
import { ensureLocalUser } from '@/lib/database/users';
import type { DraftJobInfo, StartDrafts } from '@/lib/datasets/contract';
import { runDrafts } from '@/lib/datasets/drafts/run';
import { newDraftJob } from '@/lib/datasets/drafts/start';
import { exportEntries } from '@/lib/datasets/export';
import { closeJobs, resumeJobs } from '@/lib/datasets/jobs';
import { readItem } from '@/lib/datasets/review/describe-item';
import { readQueue } from '@/lib/datasets/review/queue';
import { submitReview } from '@/lib/datasets/review/submit-review';
import { undoReview } from '@/lib/datasets/review/undo-review';
import type { Runner } from '@/lib/datasets/start';
import { getEngine } from '@/lib/engine/worker/client';
import { type Behaviour, type ChatServer, answering, refusing, startChatServer } from '../support/chat-server';
import { useDataDirectory } from '../support/data-directory';
import { call } from '../support/request';
import { runLooktwice } from '../support/run-looktwice';
import { importFolder, owner } from '../support/sets';

/**
 * Texts for a whole set in the background: who may be asked, what is sent, stops and restarts, review, and the pairs
 * that come out.
 */
jest.setTimeout(300_000);
const images = join(__dirname, '../fixtures/images');
const KEY = 'sk-the-key-of-the-drafter';
const data = useDataDirectory();
let folder: string;
let server: ChatServer;
const ITEMS = {
  'anomalous/cookie-cracked-secret.jpg': 'cookie-cracked-1.jpg',
  'anomalous/cube-abnormal.jpg': 'cube-abnormal-1.jpg',
  'normal/cookie-whole.jpg': 'cookie-normal-1.jpg',
};

const writeEngines = (change: object = {}) =>
  writeFile(
    join(data.path(), 'engines.json'),
    JSON.stringify({
      engines: {
        drafter: {
          ...{ kind: 'openai-compatible', label: 'The drafter', url: server.url, model: 'seer-1', key: KEY },
          ...{ private: true, retries: 0, fallback: 'embedded', sends: { crops: 0 }, ...change },
        },
      },
    }),
    { mode: 0o600 },
  );

beforeAll(async () => {
  await ensureLocalUser();
  server = await startChatServer(answering('Fine.'));
  await writeEngines();
  folder = await mkdtemp(join(tmpdir(), 'looktwice-drafts-'));
  for (const [path, from] of Object.entries(ITEMS)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await cp(join(images, from), join(folder, path));
  }
});
afterAll(async () => {
  await closeJobs();
  await Promise.all([server.close(), getEngine().close()]);
  await rm(folder, { recursive: true, force: true });
});

const newSet = async () => (await importFolder(folder)).datasetId;
const asked = (index: number) => JSON.stringify(server.received[index]?.body['messages']);
/** Answers each field's question with its own words. */
const writing: Behaviour = (request, response, received) => {
  const messages = received.body['messages'] as unknown[];
  const last = JSON.stringify(messages.at(-1));
  const text = last.includes('impact')
    ? 'It may break.'
    : last.includes('do about it')
      ? 'Sort it out.'
      : 'Yes, there is a crack.';
  return answering(text)(request, response, received);
};
const begin = (datasetId: string, wanted: Partial<StartDrafts>) =>
  call(start, '/', { params: { id: datasetId }, json: wanted });
const detail = async (datasetId: string) =>
  (await (await call(readDetail, '/', { params: { id: datasetId } })).json()) as {
    drafts: DraftJobInfo[];
    drafted: number;
  };
async function ended(datasetId: string): Promise<{ drafts: DraftJobInfo[]; drafted: number }> {
  for (;;) {
    const now = await detail(datasetId);
    if (!['waiting', 'running'].includes(now.drafts[0]?.state ?? '')) {
      return now;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const signal = () => new AbortController().signal;
const run = (id: string, onProgress?: (done: number) => void, stop = signal()) =>
  runDrafts(id, { engine: getEngine(), signal: stop, onProgress });
const job = (datasetId: string, wanted: Partial<StartDrafts & { runner: Runner }> = {}) =>
  newDraftJob(
    owner,
    datasetId,
    {
      ...{ engine: 'drafter', fields: ['description'], scope: 'labelled', allowEngine: true, runner: 'cli' },
      ...wanted,
    },
    {},
  );
const itemIds = async (datasetId: string) =>
  Object.fromEntries(
    (await database().datasetItem.findMany({ where: { datasetId } })).map(({ path, id }) => [path.split('/')[1], id]),
  );

test('nothing is sent before it is allowed; then every item is written, reviewed, and exported as pairs', async () => {
  server.behave(writing);
  const datasetId = await newSet();
  const refused = await begin(datasetId, { engine: 'drafter' });
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { error: { code: 'consent_required', message: expect.stringContaining('The drafter at 127.0.0.1') as string } },
  ]);
  expect([server.received.length, (await detail(datasetId)).drafts]).toEqual([0, []]);

  expect((await begin(datasetId, { engine: 'drafter', allowEngine: true })).status).toBe(202);
  const after = await ended(datasetId);
  expect(after.drafts[0]).toMatchObject({ state: 'done', total: 3, done: 3, failed: 0, label: 'The drafter' });
  expect(after.drafted).toBe(3);
  // Three texts for each anomalous item, a description for the normal one.
  expect(server.received).toHaveLength(7);
  expect(asked(0)).toMatch(/image_url.*People labelled this image anomalous.*Is there any anomaly/);
  expect(asked(2)).toMatch(/Yes, there is a crack\..*It may break\..*What should we do about it\?/);
  expect(server.received.map((_, index) => asked(index)).join()).not.toMatch(/secret|cookie|cube/);
  expect(
    await database().auditEvent.findMany({ where: { action: 'engine.allow', targetId: datasetId } }),
  ).toMatchObject([{ targetType: 'dataset', detail: { engine: 'drafter', images: true } }]);
  expect(JSON.stringify([after, await database().draftJob.findMany()])).not.toContain(KEY);

  const queue = await readQueue(owner, datasetId, { filter: 'drafted', order: 'path', limit: 10 });
  expect(queue.rows).toHaveLength(3);
  const { 'cookie-cracked-secret.jpg': cracked = '', 'cookie-whole.jpg': whole = '' } = await itemIds(datasetId);
  expect((await readItem(owner, datasetId, cracked)).draft).toEqual({
    by: 'The drafter',
    text: { description: 'Yes, there is a crack.', impact: 'It may break.', suggestion: 'Sort it out.' },
    contradicts: false,
  });
  // "Yes" about an item that is labelled normal.
  expect((await readItem(owner, datasetId, whole)).draft).toMatchObject({ contradicts: true, text: { impact: null } });

  const item = await readItem(owner, datasetId, cracked);
  const text = { ...item.draft?.text, suggestion: 'Scrap it.' };
  await submitReview(owner, { datasetId, itemId: cracked }, { revision: item.revision, verdict: 'accepted', text });
  expect((await readItem(owner, datasetId, cracked)).draft).toBeNull();
  expect((await readQueue(owner, datasetId, { filter: 'drafted', order: 'path', limit: 10 })).rows).toHaveLength(2);

  let pairs: { id: string; conversations: { from: string; value: string }[] }[] = [];
  for await (const { path, content } of exportEntries(datasetId, {
    format: 'llava',
    accepted: true,
    task: 'segment',
  })) {
    pairs = path === 'conversations.json' && 'text' in content ? (JSON.parse(content.text) as typeof pairs) : pairs;
  }
  expect(pairs.map(({ conversations }) => conversations.map(({ value }) => value))).toEqual([
    [
      '<image>\nIs there any anomaly in this image?',
      expect.stringContaining('Yes, there is a crack.') as string,
      'What is the impact of this anomaly?',
      'It may break.',
      'What corrective actions do you suggest?',
      'Scrap it.',
    ],
  ]);

  const reviewed = await readItem(owner, datasetId, cracked);
  await undoReview(owner, { datasetId, itemId: cracked }, reviewed.revision);
  expect((await readItem(owner, datasetId, cracked)).draft?.text.suggestion).toBe('Sort it out.');
});

test('a job goes on where a restart stopped it, asks nothing twice, and can be paused and cancelled', async () => {
  server.behave(writing);
  const datasetId = await newSet();
  const { id } = await job(datasetId, { runner: 'server' });
  const controller = new AbortController();
  await expect(run(id, () => controller.abort(), controller.signal)).rejects.toThrow();
  expect(await getDraftJob(id)).toMatchObject({ state: 'running', done: 1 });
  const before = server.received.length;
  await resumeJobs();
  expect((await ended(datasetId)).drafts[0]).toMatchObject({ state: 'done', done: 3, failed: 0 });
  expect(server.received.length - before).toBe(2);

  const second = await job(datasetId);
  await expect(job(datasetId)).rejects.toMatchObject({ code: 'conflict' });
  const act = (action: string) =>
    call(change, '/', { method: 'PATCH', params: { id: datasetId, jobId: second.id }, json: { action } });
  expect(((await (await act('pause')).json()) as DraftJobInfo).state).toBe('paused');
  expect(((await (await act('cancel')).json()) as DraftJobInfo).state).toBe('cancelled');
  expect((await act('resume')).status).toBe(409);
});

test('an engine that is down stops the job with its reason; what failed is tried again, and nobody else writes instead', async () => {
  const datasetId = await newSet();
  const { id } = await job(datasetId);
  server.behave(refusing(503, 'overloaded'));
  await expect(run(id)).rejects.toThrow(/The drafter/);
  expect(await getDraftJob(id)).toMatchObject({
    state: 'failed',
    done: 0,
    error: expect.stringMatching(/drafter/) as string,
  });
  expect(await database().itemDraft.count({ where: { jobId: id } })).toBe(0);

  // One item is refused, the others are written.
  let first = true;
  server.behave((request, response, received) => {
    const refuses = first;
    first = false;
    return (refuses ? refusing(400, 'maximum context length exceeded') : writing)(request, response, received);
  });
  await run(id);
  expect(await getDraftJob(id)).toMatchObject({ state: 'done', done: 2, failed: 1, error: null });

  const third = await job(datasetId);
  server.behave((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
  });
  await expect(run(third.id)).rejects.toThrow(/3 items in a row failed/);
});

test('at another address, or once the permission is taken back, nothing is sent', async () => {
  const datasetId = await newSet();
  const { id } = await job(datasetId);
  server.behave(writing);
  await writeEngines({ url: `${server.url}/elsewhere` });
  await expect(run(id)).rejects.toThrow(/another address/);
  await writeEngines();
  await database().draftJob.update({ where: { id }, data: { allowed: false } });
  await expect(run(id)).rejects.toThrow(/may no longer be sent/);
  expect(server.received).toHaveLength(0);
});

test('the embedded model drafts without any permission, and only what is lacking', async () => {
  const datasetId = await newSet();
  await database().datasetItem.updateMany({ where: { datasetId, label: 'normal' }, data: { description: 'Fine.' } });
  await database().datasetItem.updateMany({
    where: { datasetId, path: { contains: 'cube' } },
    data: { description: 'A cube.' },
  });
  server.behave(writing);
  expect((await begin(datasetId, { fields: ['description'] })).status).toBe(202);
  expect((await ended(datasetId)).drafts[0]).toMatchObject({ state: 'done', done: 1, engine: null });
  const { 'cookie-cracked-secret.jpg': cracked = '' } = await itemIds(datasetId);
  expect((await readItem(owner, datasetId, cracked)).draft?.text.description).toMatch(/\w+ \w+/);
  expect((await begin(datasetId, { engine: 'nobody' })).status).toBe(400);
  expect(server.received).toHaveLength(0);
});

test('the command line drafts with an engine that it names, and says what there is to review', async () => {
  const home = await mkdtemp(join(tmpdir(), 'looktwice-drafts-cli-'));
  const env = { LOOKTWICE_DATA: home, LOOKTWICE_ENGINES: join(data.path(), 'engines.json') };
  try {
    expect((await runLooktwice(['dataset', 'import', folder, '--name', 'parts'], env)).code).toBe(0);
    server.behave(writing);
    const draft = ['dataset', 'draft', 'parts', '--engine', 'drafter', '--fields', 'description,suggestion', '--json'];
    const { code, stdout } = await runLooktwice([...draft, '--items', 'anomalous'], env);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { engine: 'The drafter', done: 2, failed: 0 }]);
    expect(server.received).toHaveLength(4);
    const wrong = await runLooktwice(['dataset', 'draft', 'parts', '--fields', 'poem'], env);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('"poem" is none of') as string]);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
