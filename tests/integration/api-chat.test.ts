import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { POST as chat } from '@/app/api/chat/route';
import { POST as stop } from '@/app/api/chat/[conversationId]/stop/route';
import { GET as resume } from '@/app/api/chat/[conversationId]/stream/route';
import { GET as read } from '@/app/api/conversations/[id]/route';
import { POST as upload } from '@/app/api/images/route';
import { POST as inspect } from '@/app/api/inspect/route';
import { GET as status } from '@/app/api/status/route';
import { GET as ready } from '@/app/readyz/route';
import type { ChatChunk } from '@/lib/assistant/answers/chunks';
import { runningAnswers } from '@/lib/assistant/answers/running-answers';
import {
  conversationSchema,
  imageSchema,
  inspectResponseSchema,
  newId,
  statusResponseSchema,
  type ChatRequest,
  type StoredMessage,
} from '@/lib/contract';
import { getEngine } from '@/lib/engine/worker/client';
import { rleArea } from '@/lib/segmentation/rle';
import { useDataDirectory } from '../support/data-directory';
import { buildMessage, readChunks } from '../support/read-stream';
import { call } from '../support/request';

/**
 * The routes with the real engine: bundle, worker thread, queue. What the model says is judged elsewhere; here it only
 * has to say it.
 */
jest.setTimeout(300_000);
useDataDirectory();
beforeAll(() => getEngine().load());
afterAll(() => getEngine().close());

async function uploadFixture(name: string): Promise<string> {
  const body = await readFile(join(__dirname, '../fixtures/images', name));
  return imageSchema.parse(await (await call(upload, `/api/images?name=${name}`, { body })).json()).id;
}

type Ask = { conversationId: string; text: string; images?: string[]; references?: string[]; parentId?: string | null };

function question({ conversationId, text, images = [], references = [], parentId = null }: Ask): ChatRequest {
  const part = (role: 'subject' | 'reference') => (imageId: string) => ({
    type: 'data-image' as const,
    data: { imageId, role },
  });
  return {
    conversationId,
    trigger: 'submit',
    parentId,
    message: {
      id: newId(),
      role: 'user',
      parts: [...images.map(part('subject')), ...references.map(part('reference')), { type: 'text', text }],
    },
    settings: { temperature: 0, seed: 1 },
  };
}

const send = (request: ChatRequest) => call(chat, '/api/chat', { json: request });

async function messagesOf(id: string): Promise<StoredMessage[]> {
  return conversationSchema.parse(await (await call(read, '/', { params: { id } })).json()).messages;
}

function textOf(chunks: ChatChunk[]): string {
  return chunks.flatMap((chunk) => (chunk.type === 'text-delta' ? [chunk.delta] : [])).join('');
}

/** Reads chunks until one satisfies `wanted`, then leaves the stream. */
async function readUntil(response: Response, wanted: string): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; reader !== undefined;) {
    const { done, value } = await reader.read();
    text += value ?? '';
    if (done || text.includes(wanted)) {
      await reader.cancel();
      return;
    }
  }
}

test('asked about a defect, it streams progress, an inspection, text and consistent parts, and stores what it streamed', async () => {
  const conversationId = newId();
  const imageId = await uploadFixture('cookie-cracked-1.jpg');
  const request = question({ conversationId, text: '/inspect', images: [imageId] });
  const chunks = await readChunks(await send(request));
  const types = chunks.map(({ type }) => type);
  expect(types[0]).toBe('start');
  expect(types.at(-1)).toBe('finish');
  expect(types.indexOf('data-inspection')).toBeLessThan(types.indexOf('text-delta'));
  expect(types.filter((type) => type === 'text-delta').length).toBeGreaterThan(3);
  expect(chunks.find((chunk) => chunk.type === 'data-status' && chunk.data.stage === 'looking')).toBeDefined();

  const answer = (await messagesOf(conversationId))[1];
  const shown = await buildMessage(chunks);
  expect(answer?.metadata).toMatchObject({ state: 'complete', bundle: getEngine().status().info?.bundle });
  expect(shown?.parts).toEqual(answer?.parts.map((part) => (part.type === 'text' ? { ...part, state: 'done' } : part)));
  const masks = answer?.parts.filter((part) => part.type === 'data-mask') ?? [];
  const findings = answer?.parts.filter((part) => part.type === 'data-findings') ?? [];
  expect(findings).toHaveLength(masks.length);
  for (const { data } of masks) {
    expect(data.rle.size[0] * data.rle.size[1]).toBe(data.rle.counts.reduce((sum, count) => sum + count, 0));
    expect(rleArea(data.rle)).toBeGreaterThan(0);
  }

  const followup = question({
    conversationId,
    text: 'What is the impact of this crack?',
    parentId: answer?.id ?? null,
  });
  const next = await readChunks(await send(followup));
  expect(textOf(next).trim()).not.toBe('');
  const timings = next.find((chunk) => chunk.type === 'data-timings');
  // The context of the first turn is still in the cache: only the new question is read.
  expect(timings?.data.cachedTokens ?? 0).toBeGreaterThan((timings?.data.promptTokens ?? 0) / 2);
});

test('a reload in mid-answer joins it from its start, and stop stores what was shown', async () => {
  const conversationId = newId();
  const imageId = await uploadFixture('cube-abnormal-1.jpg');
  await readUntil(await send(question({ conversationId, text: '/inspect', images: [imageId] })), 'text-delta');
  const joined = await call(resume, '/x', { params: { conversationId } });
  const rest = readChunks(joined);
  const stopped = await call(stop, '/', { method: 'POST', params: { conversationId } });
  expect(await stopped.json()).toMatchObject({ stopped: true });
  const chunks = await rest;
  expect(chunks[0]?.type).toBe('start');
  const answer = (await messagesOf(conversationId))[1];
  expect(answer?.metadata.state).toBe('stopped');
  const stored = answer?.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  expect(stored).toBe(textOf(chunks));
  expect(stored?.trim()).not.toBe('');
  expect(getEngine().status()).toMatchObject({ busy: false, waiting: 0 });
});

test('conversations take turns, those that wait are told their place, and a stopped one leaves the queue', async () => {
  const imageId = await uploadFixture('cube-normal-1.jpg');
  const ids = [newId(), newId(), newId()];
  const [first, second, third] = await Promise.all(
    ids.map(async (conversationId) => send(question({ conversationId, text: 'Any defects?', images: [imageId] }))),
  );
  const reading = [first, second].map((response) => readChunks(response as Response));
  // What comes before the queue takes longer for one than for another: stop the third when all have their places.
  while (getEngine().status().waiting < 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await call(stop, '/', { method: 'POST', params: { conversationId: ids[2] ?? '' } });
  const left = await readChunks(third as Response);
  expect(left.at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'stopped' } });
  expect(left.some((chunk) => chunk.type === 'data-status' && chunk.data.stage === 'queued')).toBe(true);
  for (const chunks of await Promise.all(reading)) {
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'complete' } });
  }
});

test('compares with references, and refuses /compare without one as an answer', async () => {
  const conversationId = newId();
  const [subject, reference] = [
    await uploadFixture('cookie-cracked-2.jpg'),
    await uploadFixture('cookie-normal-1.jpg'),
  ];
  const chunks = await readChunks(
    await send(question({ conversationId, text: '/compare', images: [subject], references: [reference] })),
  );
  const inspection = chunks.find((chunk) => chunk.type === 'data-inspection');
  expect(inspection?.data.referenceIds).toEqual([reference]);
  const alone = newId();
  const refused = await readChunks(
    await send(question({ conversationId: alone, text: '/compare', images: [subject] })),
  );
  expect(refused.at(-1)).toMatchObject({
    type: 'error',
    errorText: expect.stringContaining('/compare needs') as string,
  });
  await runningAnswers().get(alone)?.done;
  expect((await messagesOf(alone))[1]?.metadata).toMatchObject({ state: 'failed', error: { code: 'invalid_request' } });
});

test('inspects without a conversation, once', async () => {
  const imageId = await uploadFixture('cookie-cracked-3.jpg');
  const ask = async () => inspectResponseSchema.parse(await (await call(inspect, '/', { json: { imageId } })).json());
  const seen = await ask();
  expect(seen.masks).toHaveLength(seen.inspection.regions.length);
  expect(seen.findings.items).toHaveLength(seen.inspection.regions.length);
  expect(await ask()).toEqual(seen);
});

test('is ready, and says what it runs', async () => {
  expect((await call(ready, '/readyz')).status).toBe(200);
  const shown = statusResponseSchema.parse(await (await call(status, '/api/status')).json());
  expect(shown).toMatchObject({ engine: 'ready', queue: { waiting: 0, running: 0 } });
});
