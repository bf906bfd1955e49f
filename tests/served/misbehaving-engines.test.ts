import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conversationSchema, newId } from '@/lib/contract';
import {
  EVENT_STREAM,
  answering,
  type Behaviour,
  type ChatServer,
  event,
  refusing,
  startChatServer,
  word,
} from '../support/chat-server';
import { readChunks } from '../support/read-stream';
import { type Served, newData, removeServed, startServed } from '../support/served';

/** A built server with everything in its log, and an engine with a key that repeats it wherever it can. */
jest.setTimeout(300_000);
const KEY = 'sk-the-key-of-the-misbehaving';
let server: ChatServer;
let served: Served;
beforeAll(async () => {
  server = await startChatServer(answering('Fine.'));
  const data = newData();
  const engine = {
    ...{ kind: 'openai-compatible', label: 'Seer', url: server.url, model: 'seer-1', key: KEY, private: true },
    ...{ retries: 0, timeouts: { first: 2, idle: 2, total: 30 } },
  };
  writeFileSync(join(data, 'engines.json'), JSON.stringify({ engines: { seer: engine } }), { mode: 0o600 });
  served = await startServed({ data, until: 'ready', settings: { LOOKTWICE_LOG_LEVEL: 'trace' } });
});
afterAll(async () => {
  await server.close();
  await removeServed(served);
});

const streaming =
  (text: string, isOver = true): Behaviour =>
  (_request, response) => {
    response.writeHead(200, { ...EVENT_STREAM, 'x-key': KEY }).write(text);
    if (isOver) {
      response.end();
    }
  };
const endlessly =
  (text: string, pauseMs: number): Behaviour =>
  (_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    const timer = setInterval(() => response.write(text), pauseMs);
    response.on('close', () => clearInterval(timer));
  };

/** What it does, what people read, and what of the answer they keep. */
const kinds: [string, Behaviour, RegExp, string?][] = [
  ['does not begin', () => undefined, /^Seer did not begin its answer within 2 s/],
  [
    'is asked too often',
    refusing(429, `Rate limit of ${KEY}`, { 'retry-after': '120' }),
    /^Seer takes no more questions now \(429: Rate limit of …\): try again in 120 s\./,
  ],
  ['fails', refusing(500, `Failed for ${KEY}`), /^Seer failed by itself \(500: Failed for …\)\./],
  [
    'cuts its stream',
    (_request, response) => {
      response.writeHead(200, EVENT_STREAM).write(word('There is '));
      setTimeout(() => response.destroy(), 100);
    },
    /^Seer broke off in mid-answer\./,
    'There is ',
  ],
  [
    'sends invalid JSON',
    streaming(event(`{"choices": ["${KEY}`)),
    /^Seer sends what is no answer of a chat: engines\.seer\.url must be/,
  ],
  [
    'has another model',
    refusing(404, `No model for ${KEY}`),
    /^Seer has no model "seer-1" \(404: No model for …\): look at engines\.seer\.model/,
  ],
  [
    'sends a huge answer',
    (_request, response) => {
      response.writeHead(200, EVENT_STREAM);
      const more = () => {
        while (!response.destroyed && response.write(`: ${KEY.repeat(2000)}\n`)) {
          // As much as the line takes.
        }
      };
      response.on('drain', more);
      more();
    },
    /^Seer sent more than 8 MB: it was cut off\./,
  ],
  [
    'answers with a web page',
    (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>Welcome, ${KEY}</h1>`),
    /^Seer answers with a web page: engines\.seer\.url is not the address of an API/,
  ],
  [
    'sends on to a private address',
    (_request, response) => void response.writeHead(307, { location: `http://10.0.0.1/?key=${KEY}` }).end(),
    /^Seer sends on to 10\.0\.0\.1, which is not followed/,
  ],
  ['keeps the line and never speaks', endlessly(`: ${KEY}\n\n`, 50), /^Seer did not begin its answer within 2 s/],
];

it.each(kinds)('an engine that %s: a clear message, and nothing lost', async (_, behaviour, message, kept = '') => {
  server.behave(behaviour);
  const conversationId = newId();
  const question = { id: newId(), role: 'user', parts: [{ type: 'text', text: 'What is a crack?' }] };
  const asked = { conversationId, trigger: 'submit', parentId: null, engine: 'seer', allowEngine: true };
  const response = await fetch(`${served.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...asked, message: question }),
  });
  const chunks = await readChunks(response);
  expect(chunks.at(-1)).toMatchObject({ type: 'error', errorText: expect.stringMatching(message) as string });
  const text = await (await fetch(`${served.url}/api/conversations/${conversationId}`)).text();
  const { messages } = conversationSchema.parse(JSON.parse(text));
  expect(messages.map(({ role, metadata: { state } }) => [role, state])).toEqual([
    ['user', 'complete'],
    ['assistant', 'failed'],
  ]);
  expect(messages[0]?.parts).toContainEqual({ type: 'text', text: 'What is a crack?' });
  expect(messages[1]?.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')).toBe(kept);
  expect(`${JSON.stringify(chunks)}${text}`).not.toContain(KEY);
  expect(server.received[0]?.authorization).toBe(`Bearer ${KEY}`);
});

it('is answered when it behaves again, in the same server', async () => {
  server.behave(answering('A crack is a fracture.'));
  const message = { id: newId(), role: 'user', parts: [{ type: 'text', text: 'What is a crack?' }] };
  const asked = { conversationId: newId(), trigger: 'submit', parentId: null, engine: 'seer', allowEngine: true };
  const response = await fetch(`${served.url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...asked, message }),
  });
  expect((await readChunks(response)).at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'complete' } });
});

it('left its key neither in the log, where everything is, nor in the data directory but for the engines file', () => {
  const log = readFileSync(served.log, 'utf8');
  expect(log).toContain('model loaded');
  expect(log).not.toContain(KEY);
  const files = readdirSync(served.data, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .filter((file) => readFileSync(join(file.parentPath, file.name)).includes(KEY))
    .map(({ name }) => name);
  expect(files).toEqual(['engines.json']);
});
