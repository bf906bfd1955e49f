import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV3Prompt } from '@ai-sdk/provider';
import { findEngine } from '@/lib/engines/registry';
import type { RemoteError } from '@/lib/engines/remote/remote-error';
import { askRemote, type ReplyEvent } from '@/lib/engines/remote/reply';
import { type Behaviour, type ChatServer, EVENT_STREAM, startChatServer } from '../../support/chat-server';
import { anthropic, google } from '../../support/provider-streams';

/** Providers with APIs of their own, as their published streams are, from a server on a real socket. */
const KEY = 'AIzaSyTheKeyOfTheProvider';
const PICTURE = Buffer.from('ffd8ffe0', 'hex');
let server: ChatServer;
let directory: string;
let headers: IncomingHttpHeaders;
beforeAll(async () => {
  server = await startChatServer(anthropic.answering('Fine.'));
  directory = await mkdtemp(join(tmpdir(), 'looktwice-providers-'));
  const file = join(directory, 'engines.json');
  const engine = { label: 'Seer', url: server.url, model: 'seer-1', key: KEY, private: true, retries: 0 };
  const engines = {
    anthropic: { kind: 'anthropic', ...engine },
    google: { kind: 'google', ...engine },
    patient: { kind: 'anthropic', ...engine, retries: 1 },
  };
  await writeFile(file, JSON.stringify({ engines }), { mode: 0o600 });
  process.env.LOOKTWICE_ENGINES = file;
});
afterAll(async () => {
  delete process.env.LOOKTWICE_ENGINES;
  await server.close();
  await rm(directory, { recursive: true });
});

async function ask(name: string, behaviour: Behaviour) {
  const engine = await findEngine(name);
  if (engine.kind !== 'remote') {
    throw new Error('It is not there.');
  }
  server.behave((request, response, received) => {
    headers = request.headers;
    return behaviour(request, response, received);
  });
  const prompt: LanguageModelV3Prompt = [
    { role: 'system', content: 'You inspect parts.' },
    {
      role: 'user',
      content: [
        { type: 'file', data: new Uint8Array(PICTURE), mediaType: 'image/jpeg' },
        { type: 'text', text: 'Any defect?' },
      ],
    },
  ];
  const events: ReplyEvent[] = [];
  let error: RemoteError | undefined;
  try {
    const settings = { temperature: 0, maxTokens: 100, seed: 1, stop: ['END'] };
    for await (const each of askRemote(engine, { prompt, settings }, new AbortController().signal)) {
      events.push(each);
    }
  } catch (thrown) {
    error = thrown as RemoteError;
  }
  const text = events.flatMap((each) => (each.type === 'text' ? [each.delta] : [])).join('');
  return { text, end: events.find((each) => each.type === 'end'), error };
}

it('asks Anthropic’s API in its words, and reads its answer without its thoughts', async () => {
  const { text, end, error } = await ask('anthropic', anthropic.answering('There is ', 'a crack.'));
  expect([error, text]).toEqual([undefined, 'There is a crack.']);
  expect(end).toMatchObject({ finishReason: 'stop', tokens: 3, promptTokens: 20, model: 'seer-1' });
  const [received] = server.received;
  expect(received?.path).toBe('/v1/messages');
  expect(headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' });
  expect(received?.body).toMatchObject({
    ...{ model: 'seer-1', max_tokens: 100, temperature: 0, stop_sequences: ['END'], stream: true },
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: PICTURE.toString('base64') } },
          { type: 'text', text: 'Any defect?' },
        ],
      },
    ],
  });
  expect(JSON.stringify(received?.body)).not.toContain(KEY);
});

it('asks Google’s API in its words, and reads its answer without its thoughts', async () => {
  const { text, end, error } = await ask('google', google.answering('There is ', 'a crack.'));
  expect([error, text]).toEqual([undefined, 'There is a crack.']);
  expect(end).toMatchObject({ finishReason: 'stop', tokens: 3, promptTokens: 20 });
  const [received] = server.received;
  expect(received?.path).toBe('/v1/models/seer-1:streamGenerateContent?alt=sse');
  expect(headers['x-goog-api-key']).toBe(KEY);
  expect(received?.body).toMatchObject({
    generationConfig: { maxOutputTokens: 100, temperature: 0, stopSequences: ['END'] },
    contents: [
      {
        role: 'user',
        parts: [{ inlineData: { mimeType: 'image/jpeg', data: PICTURE.toString('base64') } }, { text: 'Any defect?' }],
      },
    ],
  });
  expect(`${received?.path}${JSON.stringify(received?.body)}`).not.toContain(KEY);
});

const web: Behaviour = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
const streaming =
  (text: string): Behaviour =>
  (_request, response) =>
    void response.writeHead(200, EVENT_STREAM).end(`data: ${text}\n\n`);

type Case = [string, string, Behaviour, string, RegExp];
const both = (what: string, of: (dialect: typeof anthropic) => Behaviour, fault: string, message: RegExp): Case[] => [
  [what, 'anthropic', of(anthropic), fault, message],
  [what, 'google', of(google), fault, message],
];
const cases: Case[] = [
  ...both(
    'asks for patience',
    ({ refusing }) => refusing(429, 'rate_limit', 'Too many requests', { 'retry-after': '120' }),
    'busy',
    /^Seer takes no more questions now \(429: Too many requests\): try again in 120 s\.$/,
  ),
  ...both(
    'fails by itself',
    ({ refusing }) => refusing(500, 'api_error', 'Internal server error'),
    'failing',
    /^Seer failed by itself \(500: Internal server error\)\.$/,
  ),
  ...both(
    'does not have the model',
    ({ refusing }) => refusing(404, 'not_found_error', 'model: seer-1'),
    'model',
    /^Seer has no model "seer-1" \(404: model: seer-1\): look at engines\.\w+\.model and \.url\.$/,
  ),
  ...both('declines', ({ declining }) => declining, 'refused', /^Seer declines to answer this question\.$/),
  ...both(
    'answers with a web page',
    () => web,
    'not_an_answer',
    /^Seer answers with a web page: engines\.\w+\.url is not/,
  ),
  [
    'refuses the key',
    'anthropic',
    anthropic.refusing(401, 'authentication_error', `invalid x-api-key: ${KEY}`),
    'key',
    /^Seer refuses the key \(401\): look at engines\.anthropic\.key\.$/,
  ],
  [
    'refuses the key, with another status',
    'google',
    google.refusing(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'),
    'key',
    /^Seer refuses the key \(400\): look at engines\.google\.key\.$/,
  ],
  [
    'is overloaded',
    'anthropic',
    anthropic.refusing(529, 'overloaded_error', 'Overloaded'),
    'busy',
    /^Seer takes no more questions now \(529: Overloaded\): try again later\.$/,
  ],
  [
    'is overloaded, which it tells in its stream',
    'anthropic',
    (_request, response) =>
      void response.writeHead(200, EVENT_STREAM).end(anthropic.trouble('overloaded_error', 'Overloaded')),
    'busy',
    /^Seer takes no more questions now \(529: Overloaded\): try again later\.$/,
  ],
  [
    'is overloaded, with another status',
    'google',
    google.refusing(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
    'failing',
    /^Seer failed by itself \(503: The model is overloaded\. Please try again later\)\.$/,
  ],
  [
    'has too small a context',
    'anthropic',
    anthropic.refusing(400, 'invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum'),
    'context',
    /^The conversation is too long for Seer: .*: start a new one\.$/,
  ],
  ...both(
    'sends what is no JSON',
    () => streaming('{"candidates": [{'),
    'not_an_answer',
    /^Seer sends what is no answer of a chat: engines\.\w+\.url must be the address of (?:Anthropic|Google)'s API\.$/,
  ),
  [
    'sends JSON of another kind',
    'anthropic',
    streaming('{"hello": [1]}'),
    'not_an_answer',
    /engines\.anthropic\.url must be the address of Anthropic's API\.$/,
  ],
  ['sends JSON of another kind', 'google', streaming('{"hello": [1]}'), 'cut', /^Seer broke off in mid-answer\.$/],
];
it.each(cases)('a server that %s is told so in one sentence: %s', async (_, name, behaviour, fault, message) => {
  const { text, end, error } = await ask(name, behaviour);
  expect(error?.message).toMatch(message);
  expect(error?.fault).toBe(fault);
  expect(error?.message).not.toContain(KEY);
  expect([text, end]).toEqual(['', undefined]);
});

describe.each([
  ['anthropic', anthropic],
  ['google', google],
])('%s in mid-answer', (name, { begin, trouble }) => {
  it('ends without saying so: what came is kept', async () => {
    const { text, end, error } = await ask(name, (_request, response) => {
      begin(response, 'There is ');
      response.end();
    });
    expect([text, end, error?.fault]).toEqual(['There is ', undefined, 'cut']);
  });

  it('is cut off: what came is kept', async () => {
    const { text, end, error } = await ask(name, (_request, response) => {
      begin(response, 'There is ');
      setTimeout(() => response.destroy(), 50);
    });
    expect([text, end, error?.fault]).toEqual(['There is ', undefined, 'cut']);
  });

  it('tells of trouble: what came is kept, and the reason told', async () => {
    const { text, end, error } = await ask(name, (_request, response) => {
      begin(response, 'There is ');
      setTimeout(() => response.end(trouble('overloaded_error', `Overloaded, ${KEY}`)), 50);
    });
    expect([text, end, error?.fault]).toEqual(['There is ', undefined, 'failing']);
    expect(error?.message).toMatch(/^Seer .*Overloaded/);
    expect(error?.message).not.toContain(KEY);
  });
});

it('is tried again where that may pass', async () => {
  let count = 0;
  const { text, error } = await ask('patient', (...asked) => {
    count += 1;
    const behaviour =
      count === 1 ? anthropic.refusing(529, 'overloaded_error', 'Overloaded') : anthropic.answering('Yes.');
    return behaviour(...asked);
  });
  expect([text, error, count]).toEqual(['Yes.', undefined, 2]);
});
