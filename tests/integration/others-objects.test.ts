import { newId } from '@/lib/contract';
import { database } from '@/lib/database/client';
import { blobs } from '@/lib/storage';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';
import { call } from '../support/request';
import { loadRoutes, paramsOf, type LoadedRoute } from '../support/routes';
import { makePerson, useTeamMode, type Person } from '../support/team';

useDataDirectory();
useTeamMode();

let owner: Person;
let other: Person;
let admin: Person;
/** One object of the owner for each `/api/<objects>/[...]`, and the ids of what hangs on it by the parameter's name. */
const objects = new Map<string, Record<string, string>>();
const ids = Object.fromEntries(
  [
    'image',
    'conversation',
    'message',
    'inspection',
    'mask',
    'key',
    'session',
    'dataset',
    'item',
    'importJob',
    'batchJob',
    'draftJob',
    'share',
    'part',
    'sample',
    'correction',
  ].map((name) => [name, newId()]),
) as Record<
  | 'image'
  | 'conversation'
  | 'message'
  | 'inspection'
  | 'mask'
  | 'key'
  | 'session'
  | 'dataset'
  | 'item'
  | 'importJob'
  | 'batchJob'
  | 'draftJob'
  | 'share'
  | 'part'
  | 'sample'
  | 'correction',
  string
>;

/** An inspection as it is stored. */
const plainInspection = (imageId: string, inspectionId: string) => ({
  ...{ imageId, inspectionId, score: 0.5, bucket: 'moderately', heatmapUrl: '/x', regions: [], referenceIds: [] },
  ...{ tiles: { columns: 0, rows: 0, significance: [] }, bundle: 'b', ms: 1 },
});

/** Bodies that the route accepts, so that what is left to refuse is whose the object is. */
const BODIES: Record<string, unknown> = {
  'PATCH /api/datasets/[id]': { name: 'Theirs' },
  'PATCH /api/datasets/[id]/imports/[jobId]': { action: 'pause' },
  'PATCH /api/datasets/[id]/batches/[jobId]': { action: 'pause' },
  'PATCH /api/datasets/[id]/drafts/[jobId]': { action: 'pause' },
  'POST /api/datasets/[id]/batches': { mode: 'zero_shot' },
  'POST /api/datasets/[id]/imports': { directory: '/nowhere' },
  'PATCH /api/images/[id]': { window: null },
  'POST /api/images/[id]/pages': { page: 1 },
  'POST /api/images/[id]/segment': { clicks: [{ x: 1, y: 1, positive: true }] },
  'POST /api/datasets/[id]/items/[itemId]/reviews': { revision: 0, verdict: 'accepted' },
  'POST /api/datasets/[id]/items/[itemId]/comments': { text: 'Look at this' },
  'PATCH /api/parts/[id]': { version: 0, name: 'Theirs' },
  'POST /api/parts/[id]/samples': { samples: [{ imageId: ids.image, kind: 'golden' }] },
  'POST /api/parts/[id]/outlook': { imageId: ids.image, kind: 'fine', verdict: 'anomalous' },
  'POST /api/parts/[id]/corrections': { id: newId(), imageId: ids.image, kind: 'fine', verdict: 'anomalous' },
  'POST /api/datasets/[id]/assignments': { reviewerIds: ['nobody'], items: 'unreviewed' },
};

const QUERIES: Record<string, string> = {
  'GET /api/datasets/[id]/export': '?format=coco',
  'GET /api/datasets/[id]/similar': `?itemId=${ids.item}`,
  'GET /api/conversations/[id]/export': '?format=json',
  'DELETE /api/datasets/[id]/items/[itemId]/reviews': '?revision=0',
};

/**
 * Objects that have no owner. Users and invitations are the administrators', whom alone these routes let in
 * (tests/unit/auth/routes.test.ts); benchmark runs are the installation's, as engines are; what a link shows is for
 * whoever has its token (tests/integration/api-shares.test.ts).
 */
const NOBODYS = new Set(['engines', 'users', 'invitations', 'benchmarks', 'shared', 'models', '[...path]']);

async function storeObjects(): Promise<void> {
  const ownerId = owner.userId;
  const { key: sha256, bytes } = await blobs().write([await makePng()], 1e7);
  await database().image.create({
    data: { id: ids.image, ownerId, sha256, name: 'a.png', mime: 'image/png', width: 320, height: 240, bytes },
  });
  await database().conversation.create({ data: { id: ids.conversation, ownerId, title: 'Mine' } });
  await database().message.create({
    data: {
      ...{ id: ids.message, conversationId: ids.conversation, role: 'assistant', state: 'complete' },
      ...{ parts: [], text: '' },
    },
  });
  await database().inspection.create({
    data: {
      ...{ id: ids.inspection, imageId: ids.image, bundle: 'b', referenceKey: '', score: 0.5 },
      ...{ payload: plainInspection(ids.image, ids.inspection), mapKey: sha256 },
    },
  });
  await database().mask.create({
    data: {
      ...{ id: ids.mask, imageId: ids.image, messageId: ids.message, label: 'scratch', score: 1, source: 'model' },
      ...{ rle: { size: [240, 320], counts: [76800] }, bbox: [0, 0, 0, 0], areaFraction: 0 },
    },
  });
  await database().dataset.create({ data: { id: ids.dataset, ownerId, name: 'Housings', format: 'folder' } });
  await database().datasetItem.create({
    data: { id: ids.item, datasetId: ids.dataset, imageId: ids.image, path: 'a.png' },
  });
  await database().share.create({
    data: { id: ids.share, ownerId, conversationId: ids.conversation, tokenHash: 'hash' },
  });
  const job = { ownerId, datasetId: ids.dataset, state: 'done' } as const;
  await database().importJob.create({
    data: { ...job, id: ids.importJob, source: 'set.zip', directory: '/nowhere', format: 'folder' },
  });
  await database().batchJob.create({ data: { ...job, id: ids.batchJob, mode: 'zero_shot', referenceIds: [] } });
  await database().draftJob.create({
    data: { ...job, id: ids.draftJob, label: 'The embedded engine', fields: ['description'], scope: 'all' },
  });
  await database().part.create({
    data: {
      ...{ id: ids.part, ownerId, name: 'Housing' },
      samples: { create: { id: ids.sample, imageId: ids.image, kind: 'golden' } },
      corrections: { create: { id: ids.correction, imageId: ids.image, kind: 'fine', sampleKind: 'golden' } },
    },
  });
  await database().session.create({
    data: { id: ids.session, userId: ownerId, token: newId(), expiresAt: new Date(Date.now() + 60 * 60_000) },
  });
  await database().apiKey.create({
    data: { id: ids.key, userId: ownerId, name: 'k', keyHash: 'h', hint: 'lt_xxxxx' },
  });
}

beforeAll(async () => {
  owner = await makePerson('owner@example.com', 'engineer');
  other = await makePerson('other@example.com', 'engineer');
  admin = await makePerson('admin@example.com', 'admin');
  await storeObjects();
  objects.set('images', { id: ids.image });
  objects.set('conversations', { id: ids.conversation });
  objects.set('chat', { conversationId: ids.conversation });
  objects.set('inspections', { id: ids.inspection });
  objects.set('masks', { id: ids.mask });
  objects.set('keys', { id: ids.key });
  objects.set('sessions', { id: ids.session });
  objects.set('shares', { id: ids.share });
  objects.set('parts', { id: ids.part, imageId: ids.image, correctionId: ids.correction });
  objects.set('datasets', { id: ids.dataset, itemId: ids.item });
});

const firstFolder = (path: string) => path.split('/')[2] ?? '';

/** The ids that a route's path takes; a job is an import, a draft or a batch inspection by the folder before it. */
function idsOf(path: string): Record<string, string> {
  const found = objects.get(firstFolder(path)) ?? {};
  const jobId = path.includes('/imports/') ? ids.importJob : path.includes('/drafts/') ? ids.draftJob : ids.batchJob;
  return path.includes('[jobId]') ? { ...found, jobId } : found;
}

async function request(route: LoadedRoute, person: Person): Promise<number> {
  const write = !['GET', 'HEAD'].includes(route.method);
  const response = await call(route.handler, route.path + (QUERIES[route.name] ?? ''), {
    method: route.method,
    params: idsOf(route.path),
    headers: person.headers,
    ...(write && { json: BODIES[route.name] ?? {} }),
  });
  await response.body?.cancel();
  return response.status;
}

async function routesOfObjects(): Promise<LoadedRoute[]> {
  return (await loadRoutes()).filter(
    ({ path, handler }) => handler.access !== 'public' && paramsOf(path).length > 0 && !NOBODYS.has(firstFolder(path)),
  );
}

test('this test has an object for every route with an id in its path: add one when this fails', async () => {
  for (const { name, path } of await routesOfObjects()) {
    const known = idsOf(path);
    expect([name, paramsOf(path).filter((param) => !(param in known))]).toEqual([name, []]);
  }
});

test('what is another’s answers 404 to everybody else, an administrator included', async () => {
  const routes = await routesOfObjects();
  expect(routes.length).toBeGreaterThan(10);
  for (const route of routes) {
    for (const person of [other, admin]) {
      expect([route.name, await request(route, person)]).toEqual([route.name, 404]);
    }
  }
});

test('an object of another’s that is named in a body is not found either', async () => {
  const byName = new Map((await loadRoutes()).map((route) => [route.name, route]));
  const chat = {
    conversationId: newId(),
    trigger: 'submit',
    message: {
      ...{ id: newId(), role: 'user' },
      parts: [
        { type: 'text', text: 'Any defects?' },
        { type: 'data-image', data: { imageId: ids.image, role: 'subject' } },
      ],
    },
  };
  const bodies: [string, unknown][] = [
    ['POST /api/inspect', { imageId: ids.image }],
    ['POST /api/checklist', { messageId: ids.message, itemId: 'actions-1', done: true }],
    ['POST /api/chat', chat],
    [
      'POST /api/chat',
      {
        ...chat,
        conversationId: ids.conversation,
        message: { ...chat.message, parts: chat.message.parts.slice(0, 1) },
      },
    ],
    ['POST /api/chat', { conversationId: ids.conversation, trigger: 'regenerate', parentId: ids.message }],
  ];
  for (const [name, json] of bodies) {
    const route = byName.get(name);
    if (route === undefined) {
      throw new Error(`${name} is gone`);
    }
    const response = await call(route.handler, route.path, { json, headers: other.headers });
    await response.body?.cancel();
    expect([name, response.status]).toEqual([name, 404]);
  }
});

test('the owner reaches them, so that the ids above are right', async () => {
  // Nothing is similar to an item before a batch inspection has described it.
  const reads = (await routesOfObjects()).filter(({ method, path }) => method === 'GET' && !path.endsWith('/similar'));
  for (const route of reads) {
    expect([route.name, (await request(route, owner)) < 400]).toEqual([route.name, true]);
  }
  expect(await database().conversation.count({ where: { id: ids.conversation, deletedAt: null } })).toBe(1);
});

test('lists show nothing of another’s', async () => {
  const mine = Object.values(ids);
  for (const route of (await loadRoutes()).filter(({ method }) => method === 'GET')) {
    if (route.handler.access !== 'public' && paramsOf(route.path).length === 0) {
      const response = await call(route.handler, route.path, { headers: other.headers });
      const body = await response.text();
      expect([route.name, mine.filter((id) => body.includes(id))]).toEqual([route.name, []]);
    }
  }
});
