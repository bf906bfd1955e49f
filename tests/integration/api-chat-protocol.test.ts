import { GET as resume } from '@/app/api/chat/[conversationId]/stream/route';
import { POST as stop } from '@/app/api/chat/[conversationId]/stop/route';
import { GET as read } from '@/app/api/conversations/[id]/route';
import type { Turn } from '@/lib/assistant/answers/answer-sink';
import { recoverAnswers } from '@/lib/assistant/answers/recover-answers';
import { runAnswer } from '@/lib/assistant/answers/run-answer';
import { conversationSchema, newId, stopResponseSchema, type StoredMessage } from '@/lib/contract';
import { appendChunks } from '@/lib/database/answers';
import { database } from '@/lib/database/client';
import { AppError } from '@/lib/http/app-error';
import { log } from '@/lib/http/log';
import { storeTurn } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';
import { buildMessage, readChunks } from '../support/read-stream';
import { call } from '../support/request';

useDataDirectory();

/**
 * Starts an answer of a turn written here: these tests are about the stream, the log and the states, not about the
 * model.
 */
async function start(turn: Turn) {
  const conversationId = newId();
  const { questionId, answerId } = await storeTurn({ conversationId, question: 'Any defects?' });
  const identity = { conversationId, messageId: answerId, parentId: questionId, createdAt: new Date() };
  return { conversationId, answerId, questionId, answer: runAnswer(identity, turn, log) };
}

async function stored(conversationId: string, answerId: string): Promise<StoredMessage | undefined> {
  const response = await call(read, '/', { params: { id: conversationId } });
  return conversationSchema.parse(await response.json()).messages.find(({ id }) => id === answerId);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled'))));
}

const open = (conversationId: string, query = '') => call(resume, `/x${query}`, { params: { conversationId } });
const followups = { type: 'data-followups' as const, data: [{ label: 'Why?', prompt: 'Why?', topic: 'cause' }] };

test('a reader who joins late gets the whole answer, and so does one after its end; both build what is stored', async () => {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const { conversationId, answerId, answer, questionId } = await start(async (sink) => {
    sink.bundle('looktwice-mini@0.1.0');
    sink.status({ stage: 'looking', done: 1, total: 2 });
    sink.text('Yes, ');
    await gate;
    sink.part(followups);
    sink.text('a scratch.');
  });
  const live = open(conversationId).then(readChunks);
  expect(await stored(conversationId, answerId)).toBeUndefined();
  goOn();
  const chunks = await live;
  await answer.done;
  expect(chunks.map(({ type }) => type)).toEqual([
    'start',
    'data-status',
    'text-start',
    'text-delta',
    'data-followups',
    'text-delta',
    'text-end',
    'message-metadata',
    'finish',
  ]);
  expect((await open(conversationId)).status).toBe(204);
  const replayed = await readChunks(await open(conversationId, `?answer=${answerId}`));
  const [fromLive, fromReplay, fromStore] = [
    await buildMessage(chunks),
    await buildMessage(replayed),
    await stored(conversationId, answerId),
  ];
  expect(fromStore).toMatchObject({
    metadata: { state: 'complete', parentId: questionId, bundle: 'looktwice-mini@0.1.0' },
    parts: [{ type: 'text', text: 'Yes, a scratch.' }, followups],
  });
  for (const message of [fromLive, fromReplay]) {
    expect(message?.id).toBe(answerId);
    expect(message?.metadata?.state).toBe('complete');
    expect(message?.parts.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual([
      'Yes, a scratch.',
      'data-followups',
    ]);
  }
  expect(await database().messageEvent.count()).toBe(0);
});

test('stop ends the turn, stores what was shown and tells the readers', async () => {
  const { conversationId, answerId } = await start(async (sink, signal) => {
    sink.text('There is a ');
    await aborted(signal);
  });
  const live = open(conversationId).then(readChunks);
  const response = await call(stop, '/', { method: 'POST', params: { conversationId } });
  expect(stopResponseSchema.parse(await response.json())).toEqual({ stopped: true, messageId: answerId });
  expect((await live).at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'stopped' } });
  expect(await stored(conversationId, answerId)).toMatchObject({
    metadata: { state: 'stopped' },
    parts: [{ type: 'text', text: 'There is a ' }],
  });
  const again = await call(stop, '/', { method: 'POST', params: { conversationId } });
  expect(await again.json()).toEqual({ stopped: false, messageId: null });
});

test('a reader who goes away stops nothing', async () => {
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const { conversationId, answerId, answer } = await start(async (sink) => {
    sink.text('first ');
    await gate;
    sink.text('second');
  });
  const reader = (await open(conversationId)).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  goOn();
  await answer.done;
  expect(await stored(conversationId, answerId)).toMatchObject({
    metadata: { state: 'complete' },
    parts: [{ text: 'first second' }],
  });
});

test('a failing turn says why, keeps its text, and hides what is not for the user', async () => {
  const known = await start((sink) => {
    sink.text('So far');
    return Promise.reject(new AppError('queue_full', 'Too many wait: try again'));
  });
  const chunks = await readChunks(await open(known.conversationId, `?answer=${known.answerId}`));
  expect(chunks.at(-1)).toEqual({ type: 'error', errorText: 'Too many wait: try again' });
  await known.answer.done;
  expect(await stored(known.conversationId, known.answerId)).toMatchObject({
    metadata: { state: 'failed', error: { code: 'queue_full', message: 'Too many wait: try again' } },
    parts: [{ type: 'text', text: 'So far' }],
  });
  const unknown = await start(() => Promise.reject(new Error('secret path /root')));
  await unknown.answer.done;
  const message = await stored(unknown.conversationId, unknown.answerId);
  expect(message?.metadata.error?.code).toBe('internal');
  expect(JSON.stringify(message)).not.toContain('secret');
});

test('the log of a running answer is written while it runs, and a killed server leaves an interrupted answer with its text', async () => {
  let ended = false;
  const { conversationId, answerId, answer } = await start(async (sink, signal) => {
    sink.text('one ');
    sink.text('two ');
    await aborted(signal).finally(() => (ended = true));
  });
  while ((await database().messageEvent.count({ where: { messageId: answerId } })) === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await recoverAnswers(new Date(Date.now() + 1000))).toBe(0);
  answer.end('interrupted');
  await answer.done;
  expect([ended, (await stored(conversationId, answerId))?.metadata.state]).toEqual([true, 'interrupted']);

  const lost = newId();
  const killed = await storeTurn({ conversationId: lost, question: 'And now?' });
  await appendChunks(killed.answerId, 0, [
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta: 'half an ' },
  ]);
  await appendChunks(killed.answerId, 1, [{ type: 'text-delta', id: '0', delta: 'answer' }, followups]);
  expect((await open(lost, `?answer=${killed.answerId}`)).status).toBe(204);
  expect(await recoverAnswers(new Date(Date.now() + 1000))).toBe(1);
  expect(await stored(lost, killed.answerId)).toMatchObject({
    metadata: { state: 'interrupted' },
    parts: [{ type: 'text', text: 'half an answer' }, followups],
  });
});

test('nobody joins the answer of a conversation that is not there', async () => {
  expect((await open(newId())).status).toBe(404);
  expect((await call(stop, '/', { method: 'POST', params: { conversationId: newId() } })).status).toBe(404);
});
