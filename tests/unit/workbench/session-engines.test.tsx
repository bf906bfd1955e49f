import type { ChatMessage, ChatRequest, Conversation } from '@/lib/contract';
import { ChatSession } from '@/lib/workbench/chat/session';
import { loadAnswers } from '@/lib/workbench/client/api';
import { chooseEngine, engineRequest, engineStore } from '@/lib/workbench/state/engines';
import { answer, id, question } from './sample-data';

const NOW = '2026-01-02T03:04:05.000Z';
const asked: ChatRequest[] = [];
let joined = 0;
/** What the server has, and what it answers questions with. */
let stored: ChatMessage[] = [];
let running: { messageId: string; parentId: string } | null = null;
let reply: (request: ChatRequest) => Response;

const stream = (...chunks: object[]) =>
  new Response(
    [...chunks, '[DONE]']
      .map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`)
      .join(''),
    {
      headers: { 'content-type': 'text/event-stream' },
    },
  );
const answered = (messageId: string) => stream({ type: 'start', messageId }, { type: 'finish' });
const failed = () =>
  new Response(JSON.stringify({ error: { code: 'model_unavailable', message: 'The seer is away.', requestId: 'r' } }), {
    status: 503,
  });

let session: ChatSession;
beforeEach(async () => {
  await loadAnswers();
  engineStore.set({});
  asked.length = 0;
  joined = 0;
  stored = [question, answer];
  running = null;
  reply = failed;
  global.fetch = jest.fn((url: string, init?: RequestInit) => {
    if (url === '/api/chat') {
      const request = JSON.parse(String(init?.body)) as ChatRequest;
      asked.push(request);
      return Promise.resolve(reply(request));
    }
    if (url.includes('/stream')) {
      const { messageId } = running ?? { messageId: id('x') };
      running = null;
      joined += 1;
      return Promise.resolve(answered(messageId));
    }
    const conversation: Conversation = {
      ...{ id: id('c'), title: 'Chat', pinned: false, createdAt: NOW, updatedAt: NOW, leafId: null },
      ...{ engine: null, allowedEngines: ['seer'], messages: stored as Conversation['messages'], running },
    };
    return Promise.resolve(Response.json(conversation));
  }) as unknown as typeof fetch;
  session = new ChatSession(id('c'), true);
  await session.refresh();
  expect(session.state.get().error).toBeNull();
  expect(session.chat.messages).toHaveLength(2);
});

it('keeps a choice that was not sent, when an answer that another tab asked for ends', async () => {
  chooseEngine(id('c'), 'seer', false);
  running = { messageId: id('z'), parentId: question.id };
  await session.refresh();
  expect(joined).toBe(1);
  expect(engineRequest(id('c'))).toEqual({ engine: 'seer' });
});

it('counts a choice as sent when the answer to its question came', async () => {
  chooseEngine(id('c'), 'seer', true);
  reply = ({ answerId = '' }) => answered(answerId);
  await session.submit([{ type: 'text', text: 'Where?' }], []);
  expect(asked).toMatchObject([{ engine: 'seer', allowEngine: true }]);
  expect(engineRequest(id('c'))).toEqual({});
});

it('retries a comparison with the engine that it was asked of, whatever is chosen for the conversation', async () => {
  chooseEngine(id('c'), 'other', false);
  await session.askAlso(question.id, 'seer', true);
  await session.retry();
  expect(asked).toHaveLength(2);
  expect(asked[1]).toEqual(asked[0]);
  expect(asked[1]).toMatchObject({ engine: 'seer', engineOnce: true, allowEngine: true });
  expect(engineRequest(id('c'))).toEqual({ engine: 'other' });
});

it('lets a consent be for its engine alone: a retry with another has none', async () => {
  chooseEngine(id('c'), 'seer', true);
  await session.regenerate(answer);
  chooseEngine(id('c'), 'other', false);
  await session.retry();
  expect(asked[1]).toMatchObject({ answerId: asked[0]?.answerId, engine: 'other' });
  expect(asked[1]).not.toHaveProperty('allowEngine');
});

it('asks for another answer where the failed one was stored', async () => {
  await session.askAlso(question.id, 'seer', false);
  stored = [...stored, { ...answer, id: asked[0]?.answerId ?? '' }];
  await session.retry();
  expect(asked[1]).toMatchObject({ engine: 'seer', engineOnce: true });
  expect(asked[1]?.answerId).not.toBe(asked[0]?.answerId);
});
