import { GET as heatmap } from '@/app/api/inspections/[id]/heatmap/route';
import { POST as upload } from '@/app/api/images/route';
import { GET as maskRoute } from '@/app/api/masks/[id]/route';
import type { TurnRunner } from '@/lib/assistant/answers/prepare-turn';
import { runningAnswers } from '@/lib/assistant/answers/running-answers';
import { startAnswer } from '@/lib/assistant/answers/start-answer';
import { readConversation } from '@/lib/assistant/conversations/read-conversation';
import { chatRequestSchema, imageSchema, newId, type ChatRequest } from '@/lib/contract';
import type { PlacedInspection, TurnRequest } from '@/lib/turn/types';
import { database } from '@/lib/database/client';
import { log } from '@/lib/http/log';
import { EngineError } from '@/lib/engine/errors';
import { owner } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';
import { answerResponse } from '@/lib/assistant/answers/answer-stream';
import { readChunks } from '../support/read-stream';
import { call } from '../support/request';
import { ensureLocalUser } from '@/lib/database/users';

useDataDirectory();
beforeAll(() => ensureLocalUser());

const BUNDLE = 'looktwice-mini@0.2.0';

/**
 * Records what it is asked and says a word: these tests are about requests and rows; the model has tests of its own.
 */
function recorder(): { run: TurnRunner; requests: TurnRequest[] } {
  const requests: TurnRequest[] = [];
  const run: TurnRunner = (request, { onEvent }) => {
    requests.push(request);
    onEvent({ type: 'text', delta: `Answer ${requests.length}` });
    return Promise.resolve({
      context: { transcript: `Answer ${requests.length} <seg>` },
      finishReason: 'stop',
      bundle: BUNDLE,
    });
  };
  return { run, requests };
}

async function ask(request: ChatRequest, run: TurnRunner) {
  const stream = await startAnswer(owner, chatRequestSchema.parse(request), run, log);
  const chunks = await readChunks(answerResponse(stream));
  await runningAnswers().get(request.conversationId)?.done;
  return chunks;
}

function submit(
  conversationId: string,
  text: string,
  options: { parentId?: string | null; images?: string[]; id?: string } = {},
): ChatRequest {
  const { parentId = null, images = [], id = newId() } = options;
  return {
    conversationId,
    trigger: 'submit',
    parentId,
    message: {
      id,
      role: 'user',
      parts: [...images.map((imageId) => ({ type: 'data-image' as const, data: { imageId } })), { type: 'text', text }],
    },
  };
}

async function image(seed: number, name: string): Promise<string> {
  const response = await call(upload, `/api/images?name=${name}`, { body: await makePng(seed) });
  return imageSchema.parse(await response.json()).id;
}

async function leaf(conversationId: string): Promise<string> {
  return (await readConversation(owner, conversationId)).leafId ?? '';
}

test('a first question creates the conversation and its title; the follow-up carries the branch, the context and no image again', async () => {
  const { run, requests } = recorder();
  const conversationId = newId();
  const imageId = await image(1, 'housing.png');
  await ask(submit(conversationId, '/inspect the left edge', { images: [imageId] }), run);
  await ask(submit(conversationId, 'Why?', { parentId: await leaf(conversationId) }), run);
  expect((await readConversation(owner, conversationId)).title).toMatch(
    /^housing: Is there any anomaly in this image\?/,
  );
  expect(requests[1]).toMatchObject({
    focus: null,
    messages: [
      {
        role: 'user',
        text: expect.stringMatching(/anomaly.* the left edge$/) as string,
        images: [{ id: imageId, name: 'housing.png' }],
      },
      { role: 'assistant', text: 'Answer 1', context: { transcript: 'Answer 1 <seg>' } },
      { role: 'user', text: 'Why?', images: [], references: [] },
    ],
  });
});

test('a mention of an earlier image puts it in focus', async () => {
  const { run, requests } = recorder();
  const conversationId = newId();
  const first = await image(1, 'housing.png');
  const second = await image(2, 'cover.png');
  await ask(submit(conversationId, 'Any defects?', { images: [first, second] }), run);
  await ask(submit(conversationId, 'And #housing.png?', { parentId: await leaf(conversationId) }), run);
  expect(requests.map(({ focus }) => focus)).toEqual([second, first]);
});

test('the same request again gets the same answer and runs nothing', async () => {
  const { run, requests } = recorder();
  const request = submit(newId(), 'Any defects?');
  const first = await ask(request, run);
  const second = await ask(request, run);
  expect(requests).toHaveLength(1);
  expect(second[0]).toMatchObject({ type: 'start', messageId: (first[0] as { messageId: string }).messageId });
  expect(second.filter(({ type }) => type === 'text-delta')).toMatchObject([{ delta: 'Answer 1' }]);
});

test('edit and regenerate make siblings and lose nothing', async () => {
  const { run, requests } = recorder();
  const conversationId = newId();
  const first = submit(conversationId, 'Any scratches?');
  await ask(first, run);
  await ask(submit(conversationId, 'Any dents?'), run);
  const questionId = first.trigger === 'submit' ? first.message.id : '';
  await ask({ conversationId, trigger: 'regenerate', parentId: questionId }, run);
  const { messages } = await readConversation(owner, conversationId);
  expect(messages.map(({ role, metadata, parts }) => [role, metadata.parentId === questionId, parts])).toHaveLength(5);
  expect(messages.filter(({ metadata }) => metadata.parentId === questionId)).toHaveLength(2);
  expect(requests[2]?.messages).toMatchObject([{ text: 'Any scratches?' }]);
});

test('one answer at a time: another question is refused and not stored', async () => {
  const conversationId = newId();
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const slow: TurnRunner = async () => {
    await gate;
    return { context: { transcript: '' }, finishReason: 'stop', bundle: BUNDLE };
  };
  const running = ask(submit(conversationId, 'First?'), slow);
  while (runningAnswers().get(conversationId) === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await expect(ask(submit(conversationId, 'Second?'), slow)).rejects.toMatchObject({ code: 'answer_running' });
  goOn();
  await running;
  expect((await readConversation(owner, conversationId)).messages).toHaveLength(2);
});

test('what is shown is stored before: the map and the mask have their addresses when they are told', async () => {
  const conversationId = newId();
  const imageId = await image(2, 'bolt.png');
  const rle = { size: [240, 320] as [number, number], counts: [0, 240, 240 * 319] };
  const mask = {
    imageId,
    rle,
    bbox: [0, 0, 1, 240] as [number, number, number, number],
    areaFraction: 1 / 320,
    label: 'scratch',
    score: 0.9,
  };
  const seen: PlacedInspection = {
    sha256: 'x',
    width: 320,
    height: 240,
    score: 0.9,
    bucket: 'highly',
    verdict: 'anomalous',
    probability: 0.9,
    foreignness: null,
    basis: { kind: 'zero-shot', count: 0 },
    tiles: { columns: 0, rows: 0, significance: [0.5] },
    regions: [
      { id: 'r1', bbox: [0, 0, 1, 240], areaPx: 240, areaFraction: 1 / 320, score: 0.9, rle, place: 'centre left' },
    ],
    types: [],
    heatmap: await makePng(9),
    referenceCount: 0,
    notes: [],
    range: null,
    bundle: BUNDLE,
    timings: { viewsMs: 1, encodeMs: 1, expertMs: 1, referenceMs: 0, decodeMs: 1, maskMs: 1, totalMs: 5 },
  };
  const run: TurnRunner = (_request, { onEvent }) => {
    onEvent({ stage: 'queued', position: 3 });
    onEvent({ type: 'status', stage: 'looking', done: 1, total: 1 });
    onEvent({ type: 'inspection', imageId, referenceIds: [], inspection: seen });
    onEvent({ type: 'text', delta: 'Yes' });
    onEvent({ type: 'mask', ...mask });
    onEvent({ type: 'text', delta: ', there is.' });
    return Promise.resolve({ context: { transcript: 'Yes<seg>' }, finishReason: 'stop', bundle: BUNDLE });
  };
  const chunks = await ask(submit(conversationId, '', { images: [imageId] }), run);
  const types = chunks.map(({ type }) => type);
  expect(types.indexOf('data-inspection')).toBeLessThan(types.indexOf('data-mask'));
  expect(chunks.find(({ type }) => type === 'data-status')).toMatchObject({
    data: { stage: 'queued', position: 3 },
    transient: true,
  });
  const answer = (await readConversation(owner, conversationId)).messages[1];
  expect(answer?.parts.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual([
    'data-inspection',
    'Yes, there is.',
    'data-mask',
  ]);
  for (const part of answer?.parts ?? []) {
    if (part.type === 'data-inspection') {
      expect((await call(heatmap, '/', { params: { id: part.data.inspectionId } })).headers.get('content-type')).toBe(
        'image/png',
      );
    } else if (part.type === 'data-mask') {
      expect((await call(maskRoute, '/', { params: { id: part.data.maskId } })).status).toBe(200);
    }
  }
  expect(await database().inspection.count({ where: { imageId } })).toBe(1);
});

test('an error of the engine names the image, not where it is stored', async () => {
  const conversationId = newId();
  const imageId = await image(3, 'bolt.png');
  const run: TurnRunner = (request) => {
    const [message] = request.messages;
    const source = message?.role === 'user' ? message.images[0]?.source : undefined;
    const path = source !== undefined && 'path' in source ? source.path : '';
    return Promise.reject(new EngineError('unreadable_image', `${path}: cut off`));
  };
  const chunks = await ask(submit(conversationId, '?', { images: [imageId] }), run);
  expect(chunks.at(-1)).toEqual({ type: 'error', errorText: 'bolt.png: cut off' });
});

test.each([
  ['an unknown image', () => submit(newId(), 'x', { images: [newId()] }), 'not_found'],
  ['nothing', () => submit(newId(), '  '), 'invalid_request'],
  ['an unknown parent', () => submit(newId(), 'x', { parentId: newId() }), 'not_found'],
  [
    'an unknown question to answer again',
    (): ChatRequest => ({ conversationId: newId(), trigger: 'regenerate', parentId: newId() }),
    'not_found',
  ],
])('refuses %s and stores nothing', async (_what, request, code) => {
  const count = async () => [await database().message.count(), await database().conversation.count()];
  const before = await count();
  await expect(ask(request(), recorder().run)).rejects.toMatchObject({ code });
  expect(await count()).toEqual(before);
});

test('a command without an image fails as an answer that says what to do, so that the question stays', async () => {
  const conversationId = newId();
  const chunks = await ask(submit(conversationId, '/segment'), recorder().run);
  expect(chunks.at(-1)).toMatchObject({
    type: 'error',
    errorText: '/segment needs an image: attach one or mention one with #',
  });
});

test('a server that is going down takes no question', async () => {
  runningAnswers().closing = true;
  try {
    await expect(ask(submit(newId(), 'x'), recorder().run)).rejects.toMatchObject({ code: 'shutting_down' });
  } finally {
    runningAnswers().closing = false;
  }
});
