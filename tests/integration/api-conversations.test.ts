import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { POST as tick } from '@/app/api/checklist/route';
import { POST as restore } from '@/app/api/conversations/[id]/restore/route';
import { DELETE as remove, GET as read, PATCH as change } from '@/app/api/conversations/[id]/route';
import { GET as list, POST as create } from '@/app/api/conversations/route';
import { POST as upload } from '@/app/api/images/route';
import {
  conversationDeletedSchema,
  conversationListSchema,
  conversationSchema,
  imageSchema,
  newId,
  type Conversation,
  type ConversationList,
} from '@/lib/contract';
import { UNDO_MS, purgeDeleted } from '@/lib/assistant/conversations/delete-conversation';
import { sweepFiles } from '@/lib/serve/sweep-files';
import { registerStart } from '@/lib/database/installation';
import { blobs } from '@/lib/storage';
import { database } from '@/lib/database/client';
import { owner, storeTurn } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';
import { call } from '../support/request';

const data = useDataDirectory();
const text = (value: string) => [{ type: 'text' as const, text: value }];

async function get(id: string): Promise<Conversation> {
  return conversationSchema.parse(await (await call(read, '/', { params: { id } })).json());
}

async function search(query: string): Promise<ConversationList> {
  const response = await call(list, `/api/conversations?${query}`);
  expect(response.status).toBe(200);
  return conversationListSchema.parse(await response.json());
}

async function uploadImage(seed: number): Promise<string> {
  return imageSchema.parse(await (await call(upload, '/api/images', { body: await makePng(seed) })).json()).id;
}

beforeEach(() => database().conversation.deleteMany({}));

test('creates with the client’s id, once however often it is sent', async () => {
  const id = newId();
  for (const round of [1, 2]) {
    const response = await call(create, '/api/conversations', { json: { id, title: '  Housing  ' } });
    expect([round, response.status]).toEqual([round, 201]);
    expect(conversationSchema.parse(await response.json())).toMatchObject({
      id,
      title: 'Housing',
      messages: [],
      running: null,
    });
  }
  expect(await database().conversation.count()).toBe(1);
});

test('gives the whole tree, parents before children, the running answer apart', async () => {
  const conversationId = newId();
  const first = await storeTurn({ conversationId, question: 'Any defects?', answer: text('Yes.') });
  const edited = await storeTurn({ conversationId, question: 'Any scratches?', answer: text('No.') });
  const second = await storeTurn({ conversationId, parentId: first.answerId, question: 'Where?' });
  const conversation = await get(conversationId);
  expect(conversation.title).toBe('Any defects?');
  expect(conversation.leafId).toBe(second.answerId);
  expect(conversation.running).toEqual({ messageId: second.answerId, parentId: second.questionId });
  expect(conversation.messages.map(({ id, metadata }) => [id, metadata.parentId])).toEqual([
    [first.questionId, null],
    [first.answerId, first.questionId],
    [edited.questionId, null],
    [edited.answerId, edited.questionId],
    [second.questionId, first.answerId],
  ]);
});

test('renames, pins and chooses a branch; refuses a branch of another conversation', async () => {
  const [one, two] = [newId(), newId()];
  const { answerId } = await storeTurn({ conversationId: one, question: 'A?', answer: text('a') });
  const other = await storeTurn({ conversationId: two, question: 'B?', answer: text('b') });
  const patch = (id: string, json: unknown) => call(change, '/', { method: 'PATCH', params: { id }, json });
  expect(await (await patch(one, { title: 'Renamed', pinned: true, leafId: answerId })).json()).toMatchObject({
    title: 'Renamed',
    pinned: true,
  });
  expect((await patch(one, { leafId: other.answerId })).status).toBe(404);
  expect((await patch(newId(), { title: 'x' })).status).toBe(404);
  expect((await patch(one, { title: '' })).status).toBe(400);
  expect((await search('')).conversations.map(({ id }) => id)).toEqual([one, two]);
});

test('pages through all, pinned first, then the newest', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 7; i += 1) {
    const conversationId = newId();
    await storeTurn({ conversationId, question: `Question ${i}`, answer: text('a') });
    ids.unshift(conversationId);
  }
  const pinned = ids[4] ?? '';
  await call(change, '/', { method: 'PATCH', params: { id: pinned }, json: { pinned: true } });
  const found: string[] = [];
  for (let cursor = ''; ;) {
    const page = await search(`limit=3${cursor}`);
    found.push(...page.conversations.map(({ id }) => id));
    if (page.nextCursor === null) {
      break;
    }
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(found).toEqual([pinned, ...ids.filter((id) => id !== pinned)]);
  expect((await call(list, '/api/conversations?cursor=nonsense')).status).toBe(400);
});

test('finds text of messages and titles, takes % and _ as they are, and shows where', async () => {
  const [scratch, stain] = [newId(), newId()];
  await storeTurn({
    conversationId: scratch,
    question: 'Is the bearing fine?',
    answer: text(`${'Looking. '.repeat(30)}A deep SCRATCH covers 3 % of it.`),
  });
  await storeTurn({ conversationId: stain, question: 'Check this_part', answer: text('A stain of 30 units.') });
  const ids = async (q: string) => (await search(`q=${encodeURIComponent(q)}`)).conversations.map(({ id }) => id);
  expect(await ids('deep scratch')).toEqual([scratch]);
  expect(await ids('scratch stain')).toEqual([]);
  expect(await ids('3 %')).toEqual([scratch]);
  expect(await ids('this_part')).toEqual([stain]);
  expect(await ids('thisXpart')).toEqual([]);
  expect(await ids("' OR 1=1 --")).toEqual([]);
  const [hit] = (await search('q=scratch')).conversations;
  expect(hit?.snippet).toMatch(/^….*A deep SCRATCH covers 3 % of it\.$/);
});

test('keeps ticks', async () => {
  const conversationId = newId();
  const items = [{ id: 'actions-1', text: 'Quarantine the lot', group: 'containment', done: false }];
  const { answerId } = await storeTurn({
    conversationId,
    question: 'What now?',
    answer: [{ type: 'data-checklist', data: { topic: 'actions', title: 'Actions', items } }],
  });
  const send = (itemId: string) => call(tick, '/api/checklist', { json: { messageId: answerId, itemId, done: true } });
  expect((await send('actions-1')).status).toBe(200);
  expect((await send('actions-9')).status).toBe(404);
  const part = (await get(conversationId)).messages.at(-1)?.parts[0];
  expect(part).toMatchObject({ data: { items: [{ id: 'actions-1', done: true }] } });
});

test('a deletion can be undone, and is final after its time', async () => {
  const conversationId = newId();
  await storeTurn({ conversationId, question: 'A?', answer: text('a') });
  const params = { id: conversationId };
  const deleted = conversationDeletedSchema.parse(await (await call(remove, '/', { method: 'DELETE', params })).json());
  expect(Date.parse(deleted.undoUntil)).toBeGreaterThan(Date.now());
  expect((await call(read, '/', { params })).status).toBe(404);
  expect((await call(remove, '/', { method: 'DELETE', params })).status).toBe(404);
  expect(await purgeDeleted()).toBe(0);
  expect((await call(restore, '/', { method: 'POST', params })).status).toBe(200);
  expect((await get(conversationId)).messages).toHaveLength(2);
  await call(remove, '/', { method: 'DELETE', params });
  expect(await purgeDeleted(Date.now() + UNDO_MS)).toBe(1);
  expect((await call(restore, '/', { method: 'POST', params })).status).toBe(404);
  const audit = await database().auditEvent.findMany({ where: { action: 'conversation.delete' } });
  expect(audit.map(({ targetId }) => targetId)).toEqual([conversationId, conversationId]);
  expect(audit.every(({ actorId, requestId }) => actorId !== null && requestId !== null)).toBe(true);
});

test('a purge deletes the images that nothing else uses, and their files', async () => {
  const [kept, gone] = [newId(), newId()];
  const [shared, alone] = [await uploadImage(1), await uploadImage(2)];
  await storeTurn({ conversationId: gone, question: 'A?', answer: text('a'), imageIds: [shared, alone] });
  await storeTurn({ conversationId: kept, question: 'B?', answer: text('b'), imageIds: [shared] });
  await call(remove, '/', { method: 'DELETE', params: { id: gone } });
  await purgeDeleted(Date.now() + UNDO_MS);
  expect((await database().image.findMany()).map(({ id }) => id)).toEqual([shared]);
  const files = await readdir(join(data.path(), 'blobs'), { recursive: true, withFileTypes: true });
  expect(files.filter((entry) => entry.isFile())).toHaveLength(1);
});

test('files without a row are removed once they are old, files with one stay', async () => {
  await uploadImage(1);
  const orphan = await blobs().write([Buffer.from('no row')], 100);
  const day = 24 * 60 * 60_000;
  await registerStart(data.path(), Date.now() - 30 * day);
  expect(await sweepFiles()).toMatchObject({ setAside: 0, removed: 0 });
  expect((await sweepFiles(Date.now() + 2 * 60 * 60_000)).setAside).toBeGreaterThan(0);
  expect(await blobs().has(orphan.key)).toBe(false);
  for (const { sha256 } of await database().image.findMany()) {
    expect(await blobs().has(sha256)).toBe(true);
  }
});

test('a conversation of thousands of turns can be deleted', async () => {
  const conversationId = newId();
  const { answerId } = await storeTurn({ conversationId, question: 'A?', answer: text('a') });
  const rows = Array.from({ length: 3000 }, (_, i) => ({
    id: `deep-${i}`,
    conversationId,
    parentId: i === 0 ? answerId : `deep-${i - 1}`,
    role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
    state: 'complete' as const,
    parts: [],
    text: '',
  }));
  await database().message.createMany({ data: rows });
  await call(remove, '/', { method: 'DELETE', params: { id: conversationId } });
  expect(await purgeDeleted(Date.now() + UNDO_MS)).toBe(1);
  expect(await database().message.count()).toBe(0);
});

test('objects of another owner answer as if they were not there', async () => {
  const conversationId = newId();
  const { answerId } = await storeTurn({ conversationId, question: 'A?', answer: text('a') });
  await database().user.create({ data: { id: 'other', name: 'Other' } });
  await database().conversation.update({ where: { id: conversationId }, data: { ownerId: 'other' } });
  const params = { id: conversationId };
  const statuses = await Promise.all([
    call(read, '/', { params }),
    call(change, '/', { method: 'PATCH', params, json: { title: 'x' } }),
    call(remove, '/', { method: 'DELETE', params }),
    call(tick, '/', { json: { messageId: answerId, itemId: 'x', done: true } }),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect((await search('')).conversations).toEqual([]);
  expect((await search('q=A')).conversations).toEqual([]);
  expect((await call(create, '/', { json: { id: conversationId } })).status).toBe(409);
  expect(owner.userId).not.toBe('other');
});
