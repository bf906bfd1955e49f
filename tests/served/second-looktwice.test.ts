import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChatChunk } from '@/lib/assistant/answers/chunks';
import { conversationSchema, imageSchema, newId } from '@/lib/contract';
import { readChunks } from '../support/read-stream';
import { type Served, freePort, newData, removeServed, startServed, stopServed } from '../support/served';

/** Two built servers: one asks the other, by the door for clients of OpenAI's API. */
jest.setTimeout(600_000);
const PICTURE = readFileSync(join(__dirname, '../fixtures/images/cookie-cracked-2.jpg'));

let asking: Served;
let asked: Served;
let picture: string;

beforeAll(async () => {
  const [data, port] = [newData(), await freePort()];
  const engine = {
    kind: 'openai-compatible',
    url: `http://127.0.0.1:${port}/v1`,
    model: 'looktwice',
    private: true,
    prompt: 'plain',
    sends: { crops: 0 },
    retries: 0,
  };
  const engines = {
    second: { ...engine, label: 'Second' },
    careful: { ...engine, label: 'Careful', fallback: 'embedded' },
  };
  writeFileSync(join(data, 'engines.json'), JSON.stringify({ engines }), { mode: 0o600 });
  asked = await startServed({ port, until: 'ready' });
  asking = await startServed({ data, until: 'ready' });
  const uploaded = await fetch(`${asking.url}/api/images?name=part.jpg`, { method: 'POST', body: PICTURE });
  picture = imageSchema.parse(await uploaded.json()).id;
});
afterAll(async () => {
  await removeServed(asking);
  await removeServed(asked);
});

type Ask = { conversationId: string; text: string; parentId?: string | null; images?: string[]; engine?: string };

const send = ({ conversationId, text, parentId = null, images = [], engine }: Ask) =>
  fetch(`${asking.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ conversationId, trigger: 'submit', parentId, settings: { temperature: 0 } },
      ...(engine !== undefined && { engine, allowEngine: true }),
      message: {
        id: newId(),
        role: 'user',
        parts: [...images.map((imageId) => ({ type: 'data-image', data: { imageId } })), { type: 'text', text }],
      },
    }),
  });
const conversation = async (id: string) =>
  conversationSchema.parse(await (await fetch(`${asking.url}/api/conversations/${id}`)).json());
const part = <Type extends ChatChunk['type']>(chunks: ChatChunk[], type: Type) =>
  chunks.filter((chunk): chunk is Extract<ChatChunk, { type: Type }> => chunk.type === type);
const textOf = (chunks: ChatChunk[]) =>
  part(chunks, 'text-delta')
    .map(({ delta }) => delta)
    .join('');

/** Reads an answer and does something once its first word is there. */
async function atFirstWord(response: Response, act: () => Promise<unknown>): Promise<ChatChunk[]> {
  const [watched, read] = response.body?.tee() ?? [];
  const reading = readChunks(new Response(read));
  const reader = watched?.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ''; reader !== undefined && !text.includes('text-delta');) {
    const { done, value } = await reader.read();
    text += value ?? '';
    if (done) {
      break;
    }
  }
  await act();
  void reader?.cancel();
  return reading;
}

it('has a conversation of several turns, with our own findings beside what the other says', async () => {
  const conversationId = newId();
  const first = await readChunks(
    await send({ conversationId, text: 'Is there any anomaly in this image?', images: [picture], engine: 'second' }),
  );
  expect(first.at(-1)).toMatchObject({
    type: 'finish',
    messageMetadata: { state: 'complete', bundle: 'second/looktwice' },
  });
  expect(textOf(first)).toMatch(/^(?:Yes|No|I )/);
  const [inspection] = part(first, 'data-inspection');
  expect(part(first, 'data-mask').length > 0).toBe((inspection?.data.probability ?? 0) >= 0.5);
  expect(part(first, 'data-engine')[0]?.data).toMatchObject({ name: 'second', fallback: null });
  const { leafId } = await conversation(conversationId);
  const second = await readChunks(await send({ conversationId, text: 'What could have caused it?', parentId: leafId }));
  expect(textOf(second).trim()).not.toBe('');
  expect(textOf(second)).not.toBe(textOf(first));
  expect(part(second, 'data-engine')).toHaveLength(1);
  expect((await conversation(conversationId)).messages).toHaveLength(4);
});

it('stops the other when the answer is stopped here', async () => {
  const conversationId = newId();
  const chunks = await atFirstWord(
    await send({ conversationId, text: 'Write a short inspection report.', images: [picture], engine: 'second' }),
    () => fetch(`${asking.url}/api/chat/${conversationId}/stop`, { method: 'POST' }),
  );
  expect(chunks.at(-1)).toMatchObject({ type: 'finish' });
  expect((await conversation(conversationId)).messages[1]?.metadata.state).toMatch(/^(?:stopped|complete)$/);
  for (;;) {
    const status = (await (await fetch(`${asked.url}/api/status`)).json()) as {
      queue: { running: number; waiting: number };
    };
    if (status.queue.running + status.queue.waiting === 0) {
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

it('keeps what came when the other is killed in mid-answer, falls back where that is allowed, and goes on when it is back', async () => {
  const killed = newId();
  const question = { text: 'Write a short inspection report.', images: [picture] };
  const broken = await atFirstWord(await send({ conversationId: killed, ...question, engine: 'second' }), () =>
    stopServed(asked, 'SIGKILL'),
  );
  expect(broken.at(-1)).toEqual({
    type: 'error',
    errorText: expect.stringMatching(/^Second broke off in mid-answer\. \(request [0-9a-f-]{36}\)$/),
  });
  const [asker, failed] = (await conversation(killed)).messages;
  expect(failed?.metadata.state).toBe('failed');
  expect(failed?.parts).toContainEqual({ type: 'text', text: textOf(broken) });

  // It is gone now: one engine says so, the other answers here.
  const refused = await readChunks(await send({ conversationId: newId(), ...question, engine: 'second' }));
  expect(refused.at(-1)).toMatchObject({
    type: 'error',
    errorText: expect.stringContaining('Second cannot be reached at 127.0.0.1') as string,
  });
  const fallen = await readChunks(await send({ conversationId: newId(), ...question, engine: 'careful' }));
  expect(fallen.at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'complete' } });
  expect(textOf(fallen).trim()).not.toBe('');
  expect(part(fallen, 'data-engine').at(-1)?.data.fallback).toMatchObject({ to: 'embedded' });

  asked = await startServed({ data: asked.data, port: asked.port, until: 'ready' });
  const again = await fetch(`${asking.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ conversationId: killed, trigger: 'regenerate', parentId: asker?.id }),
  });
  expect((await readChunks(again)).at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'complete' } });
});
