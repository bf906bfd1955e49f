import type { LanguageModelV3Prompt } from '@ai-sdk/provider';
import { RemoteError } from '@/lib/engines/remote/remote-error';
import { askRemote, type ReplyEvent } from '@/lib/engines/remote/reply';
import type { RemoteEngine } from '@/lib/engines/registry';
import {
  EVENT_STREAM,
  answering,
  type Behaviour,
  type ChatServer,
  ending,
  event,
  refusing,
  remoteAt,
  startChatServer,
  word,
} from '../../support/chat-server';

/** Servers on real sockets that do everything but answer. */
let server: ChatServer;
let elsewhere: ChatServer;
beforeAll(async () => {
  server = await startChatServer(answering('Fine.'));
  elsewhere = await startChatServer(answering('You should not be here.'));
});
afterAll(() => Promise.all([server.close(), elsewhere.close()]));

const prompt: LanguageModelV3Prompt = [{ role: 'user', content: [{ type: 'text', text: 'Any defect?' }] }];
type Config = Parameters<typeof remoteAt>[1];

async function ask(engine: RemoteEngine, signal = new AbortController().signal) {
  const events: ReplyEvent[] = [];
  let error: unknown;
  try {
    for await (const each of askRemote(engine, { prompt, settings: {} }, signal)) {
      events.push(each);
    }
  } catch (thrown) {
    error = thrown;
  }
  const text = events.flatMap((each) => (each.type === 'text' ? [each.delta] : [])).join('');
  return { text, end: events.find((each) => each.type === 'end'), error: error as RemoteError | undefined };
}

function meet(behaviour: Behaviour, config: Config = {}) {
  server.behave(behaviour);
  return ask(remoteAt(server.url, { retries: 0, ...config }));
}

const onlyText: Behaviour = (_request, response) => {
  response.writeHead(200, EVENT_STREAM);
  response.write(word('There is '));
};

it('reads an answer, its end and its tokens from one that behaves', async () => {
  const { text, end, error } = await meet(answering('There is ', 'a crack.'));
  expect(error).toBeUndefined();
  expect(text).toBe('There is a crack.');
  expect(end).toMatchObject({ finishReason: 'stop', tokens: 3, promptTokens: 20, model: 'seer-1' });
  expect(server.received[0]).toMatchObject({ path: '/v1/chat/completions', body: { model: 'seer-1', stream: true } });
});

describe('a server that', () => {
  const slow = { first: 0.3, idle: 0.3, total: 60 };
  type Case = [string, Behaviour, Config, string, RegExp, RegExp?];
  const cases: Case[] = [
    [
      'does not begin',
      () => undefined,
      { timeouts: slow },
      'slow',
      /Seer did not begin its answer within 0\.3 s: try again/,
    ],
    [
      'stops in the middle and keeps the line',
      onlyText,
      { timeouts: slow },
      'slow',
      /said nothing more within 0\.3 s/,
      /^There is $/,
    ],
    [
      'takes no more questions',
      refusing(429, 'Rate limit reached', { 'retry-after': '120' }),
      { retries: 2 },
      'busy',
      /429: Rate limit reached\): try again in 120 s\.$/,
    ],
    [
      'fails',
      refusing(500, 'CUDA out of memory'),
      {},
      'failing',
      /Seer failed by itself \(500: CUDA out of memory\)\.$/,
    ],
    [
      'cuts the stream',
      (request, response) => {
        void onlyText(request, response, { path: '', authorization: '', body: {} });
        setTimeout(() => response.destroy(), 50);
      },
      {},
      'cut',
      /Seer broke off in mid-answer\./,
      /^There is $/,
    ],
    [
      'ends without saying so',
      (_request, response) => void response.writeHead(200, EVENT_STREAM).end(word('There is ')),
      {},
      'cut',
      /broke off/,
      /^There is $/,
    ],
    [
      'sends what is no JSON',
      (_request, response) => void response.writeHead(200, EVENT_STREAM).end(event('{"choices": [{')),
      {},
      'not_an_answer',
      /sends what is no answer of a chat/,
    ],
    [
      'sends JSON of another kind',
      (_request, response) => void response.writeHead(200, EVENT_STREAM).end(event({ hello: 1 })),
      {},
      'not_an_answer',
      /no answer of a chat/,
    ],
    [
      'sends bytes at random',
      (_request, response) => void response.writeHead(200, EVENT_STREAM).end(Buffer.alloc(4096, 0xfe)),
      {},
      'cut',
      /broke off/,
    ],
    [
      'does not have the model',
      refusing(404, 'The model `seer-1` does not exist'),
      {},
      'model',
      /Seer has no model "seer-1" \(404: .*\): look at engines\.seer\.model/,
    ],
    [
      'has too small a context',
      refusing(400, "This model's maximum context length is 2048 tokens"),
      {},
      'context',
      /too long for Seer.*start a new one\.$/,
    ],
    [
      'refuses the key',
      refusing(401, 'Incorrect API key provided: sk-abcdef1234567890'),
      {},
      'key',
      /^Seer refuses the key \(401\): look at engines\.seer\.key\.$/,
    ],
    [
      'declines',
      (_request, response) => void response.writeHead(200, EVENT_STREAM).end(ending('content_filter')),
      {},
      'refused',
      /declines to answer/,
    ],
    [
      'answers with a web page',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
      {},
      'not_an_answer',
      /answers with a web page/,
    ],
    ...[204, 205, 600, 999].map((status): Case => [
      `answers with status ${status}`,
      (_request, response) => void response.writeHead(status).end(),
      {},
      'not_an_answer',
      /no answer of a chat/,
    ]),
    [
      'tells of an error in its stream',
      (_request, response) =>
        void response.writeHead(200, EVENT_STREAM).end(event({ error: { message: 'worker died' } })),
      {},
      'failing',
      /worker died/,
    ],
    [
      'tells in its stream that the question is too long',
      (_request, response) =>
        void response.writeHead(200, EVENT_STREAM).end(event({ error: { message: 'exceeds the context size' } })),
      {},
      'context',
      /^The conversation is too long for .*: exceeds the context size: start a new one/,
    ],
    [
      'tells so in a field of its own, in pieces',
      (_request, response) => {
        response.writeHead(200, EVENT_STREAM);
        const pieces = ['err', 'or: {"code":400,"message":"the request exceeds', ' the available context size"}\n\n'];
        pieces.forEach((piece, index) => setTimeout(() => response.write(piece), 20 * index));
        setTimeout(() => response.end('data: [DONE]\n\n'), 80);
      },
      {},
      'context',
      /too long for .*: the request exceeds the available context size: start a new one/,
    ],
    [
      'sends endlessly much in one piece',
      (_request, response) => {
        response.writeHead(200, EVENT_STREAM);
        const more = () => {
          while (!response.destroyed && response.write(`: ${'x'.repeat(65_536)}\n`)) {
            // As much as the line takes.
          }
        };
        response.on('drain', more);
        more();
      },
      {},
      'too_large',
      /sent more than 8 MB/,
    ],
    [
      'keeps the line alive and says nothing',
      (_request, response) => {
        response.writeHead(200, EVENT_STREAM);
        const timer = setInterval(() => response.write(': still here\n\n'), 20);
        response.on('close', () => clearInterval(timer));
      },
      { timeouts: slow },
      'slow',
      /did not begin its answer/,
    ],
  ];
  it.each(cases)(
    '%s: is told so in one sentence, and what it said stays',
    async (_, behaviour, config, fault, message, said = /^$/) => {
      const { text, end, error } = await meet(behaviour, config);
      expect(error).toBeInstanceOf(RemoteError);
      expect(error?.fault).toBe(fault);
      expect(error?.message).toMatch(message);
      expect(error?.message).not.toMatch(/\n|sk-abc/);
      expect(text).toMatch(said);
      expect(end).toBeUndefined();
      expect(server.received).toHaveLength(1);
    },
  );

  it('talks without end is cut off, and its answer stands as far as it came', async () => {
    const { abandoned } = server;
    const { text, end, error } = await meet((_request, response) => {
      response.writeHead(200, EVENT_STREAM);
      const timer = setInterval(() => response.write(word('and on '.repeat(100))), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(error).toBeUndefined();
    expect(end).toMatchObject({ finishReason: 'length' });
    expect(text.length).toBeGreaterThan(20_000);
    expect(text.length).toBeLessThan(30_000);
    while (server.abandoned === abandoned) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });

  it('sends on to another machine is not followed', async () => {
    elsewhere.received.length = 0;
    const { error } = await meet((_request, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/chat/completions` });
      response.end();
    });
    expect(error).toMatchObject({ fault: 'redirect' });
    expect(error?.message).toContain(new URL(elsewhere.url).host);
    expect(elsewhere.received).toEqual([]);
  });

  it('is not there is named with its host', async () => {
    const { error } = await ask(remoteAt('http://127.0.0.1:9/v1', { retries: 0 }));
    expect(error).toMatchObject({ fault: 'unreachable' });
    expect(error?.message).toContain('127.0.0.1:9');
  });
});

it.each([
  ["Ollama's", { error: 'model requires more system memory' }, 'model requires more system memory'],
  ["FastAPI's", { detail: 'worker is starting' }, 'worker is starting'],
  ['a plain', { message: 'no workers' }, 'no workers'],
  ['no', { status: 'bad' }, null],
])('gives the reason from %s error body', async (_, body, reason) => {
  const { error } = await meet((_request, response) => {
    response.writeHead(503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  expect(error?.message).toBe(`Seer failed by itself (503${reason === null ? '' : `: ${reason}`}).`);
});

describe('a private address', () => {
  it.each([
    'https://127.0.0.1:9/v1',
    'https://10.0.0.1/v1',
    'https://[::1]:9/v1',
    'https://localhost:9/v1',
    'https://169.254.169.254/v1',
  ])('is not asked without the word of the administrator: %s', async (url) => {
    const { error } = await ask(remoteAt(url, { private: false }));
    expect(error).toMatchObject({ fault: 'forbidden_address' });
    expect(error?.message).toContain('"private: true"');
  });
});

describe('what may pass', () => {
  it('is tried again before the first word, after the time that is asked for', async () => {
    let count = 0;
    server.behave((request, response, received) => {
      count += 1;
      const behaviour =
        count < 3 ? refusing(count === 1 ? 429 : 503, 'Later', { 'retry-after': '0' }) : answering('Yes.');
      return behaviour(request, response, received);
    });
    const { text, error } = await ask(remoteAt(server.url, { retries: 2 }));
    expect([text, error, count]).toEqual(['Yes.', undefined, 3]);
  });

  it('is not tried again after the first word: nobody reads one twice', async () => {
    const { text, error } = await meet(
      (_request, response) => {
        response.writeHead(200, EVENT_STREAM).write(word('There is '));
        setTimeout(() => response.destroy(), 50);
      },
      { retries: 3 },
    );
    expect([text, error?.fault, server.received.length]).toEqual(['There is ', 'cut', 1]);
  });

  it('is not tried again when it will not pass', async () => {
    await meet(refusing(400, 'Bad'), { retries: 3 });
    expect(server.received).toHaveLength(1);
  });
});

it('ends its request when the answer is stopped', async () => {
  const { abandoned } = server;
  const controller = new AbortController();
  server.behave(onlyText);
  const asked = ask(remoteAt(server.url), controller.signal);
  while (server.received.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  controller.abort();
  expect((await asked).error).toMatchObject({ code: 'cancelled' });
  while (server.abandoned === abandoned) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});
