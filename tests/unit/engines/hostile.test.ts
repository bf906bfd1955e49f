import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV3Prompt } from '@ai-sdk/provider';
import { readImageFile } from '@/lib/engine/worker/load-image';
import { isPrivateAddress } from '@/lib/engines/remote/addresses';
import { structuredReader } from '@/lib/engines/remote/answer-reader';
import { boxesIn } from '@/lib/engines/remote/boxes';
import { WithoutKey } from '@/lib/engines/remote/plain-text';
import type { RemoteError } from '@/lib/engines/remote/remote-error';
import { askRemote } from '@/lib/engines/remote/reply';
import { findEngine } from '@/lib/engines/registry';
import {
  type Behaviour,
  type ChatServer,
  answering,
  EVENT_STREAM,
  ending,
  event,
  startChatServer,
  word,
} from '../../support/chat-server';

/** Engines that mean harm, to whoever reads, to the key, or to this machine. */
const KEY = 'sk-4f9a77-of-the-administrator';
const prompt: LanguageModelV3Prompt = [{ role: 'user', content: [{ type: 'text', text: 'Any defect?' }] }];
let server: ChatServer;
let folder: string;
beforeAll(async () => {
  server = await startChatServer(answering('Fine.'));
  folder = await mkdtemp(join(tmpdir(), 'looktwice-hostile-'));
  const seer = { kind: 'openai-compatible', url: server.url, model: 'seer-1', private: true, retries: 0, key: KEY };
  process.env.LOOKTWICE_ENGINES = join(folder, 'engines.json');
  await writeFile(process.env.LOOKTWICE_ENGINES, JSON.stringify({ engines: { seer } }), { mode: 0o600 });
});
afterAll(async () => {
  delete process.env.LOOKTWICE_ENGINES;
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function meet(behaviour: Behaviour) {
  server.behave(behaviour);
  const engine = await findEngine('seer');
  if (engine.kind === 'embedded') {
    throw new Error('It is no engine elsewhere.');
  }
  let text = '';
  let model: string | null = null;
  let error: unknown;
  try {
    for await (const each of askRemote(engine, { prompt, settings: {} }, new AbortController().signal)) {
      if (each.type === 'text') {
        text += each.delta;
      } else {
        ({ model } = each);
      }
    }
  } catch (thrown) {
    error = thrown;
  }
  return { text, model, error: error as RemoteError | undefined };
}

it('sends what a terminal would obey, and what turns words around: it is taken out of text and name', async () => {
  const { text, model } = await meet((_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    response.write(
      word('\u001b]0;owned\u0007A \u001b[31mcrack\u001b[0m.\r\n\tIt is \u202eegral\u202c.\u009b2J').replaceAll(
        'seer-1',
        'seer\\u001b[2J',
      ),
    );
    response.end(ending());
  });
  expect(text).toBe(']0;ownedA [31mcrack[0m.\n\tIt is egral.2J');
  expect(model).not.toMatch(/\p{Cc}/u);
});

it.each([
  ['whole', [`Your key is ${KEY}.`]],
  ['letter by letter', [...`Your key is ${KEY}.`]],
])('repeats the key %s: nobody reads it', async (_, pieces) => {
  expect((await meet(answering(...pieces))).text).toBe('Your key is ….');
});

it('keeps what only begins like the key, also where the answer breaks off', async () => {
  expect((await meet(answering('The part sk-4f', '9 is cracked, see sk-'))).text).toBe(
    'The part sk-4f9 is cracked, see sk-',
  );
  const broken = await meet((_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    response.write(word('It is a sk'), () => response.destroy());
  });
  expect([broken.text, broken.error?.fault]).toEqual(['It is a sk', 'cut']);
  const without = new WithoutKey('aab');
  expect(['a', 'a', 'a', 'b', 'a'].map((each) => without.push(each)).join('') + without.end()).toBe('a…a');
});

it('repeats the key in an error within its stream, in other words and half masked', async () => {
  const { error } = await meet((_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    response.end(event({ error: { message: `\u001b[2Jbad key ${KEY} (sk-4f9****ator)`, code: 401 } }));
  });
  expect(error?.message).not.toMatch(/4f9|\p{Cc}/u);
});

it('answers with nothing but a call of a tool: told as no answer', async () => {
  const { text, error } = await meet((_request, response) => {
    response.writeHead(200, EVENT_STREAM);
    const call = { index: 0, id: 'x', type: 'function', function: { name: 'delete_all', arguments: '{}' } };
    response.write(
      event({
        id: 'c',
        created: 1,
        model: 'seer-1',
        choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }],
      }),
    );
    response.end(ending('tool_calls'));
  });
  expect([text, error?.fault]).toEqual(['', 'not_an_answer']);
});

it('switches protocols in place of an answer', async () => {
  const { error } = await meet((request, response) => {
    response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    request.resume();
  });
  expect(error?.message).toMatch(/sends what is no answer of a chat|cannot be reached/);
});

it('fills a schema letter by letter: all of it is shown, whatever the pieces', async () => {
  const answer = `A crack ${'runs on '.repeat(200)}`.trim();
  const whole = JSON.stringify({ verdict: 'anomalous', answer, findings: [{ label: 'x', bbox_2d: [1, 2, 3, 4] }] });
  const reader = structuredReader();
  let shown = '';
  for (const letter of whole) {
    shown += await reader.push(letter);
  }
  const { rest, answer: read } = await reader.end();
  expect([shown + rest, read.boxes.length, read.verdict]).toEqual([answer, 1, 'yes']);
  expect(shown.length).toBeGreaterThan(answer.length / 2);
});

it('names kinds of defects that would break a table or a terminal', () => {
  const label = 'crack\n| <b>x</b> |\u001b[31m\u202e' + 'y'.repeat(200);
  const [box] = boxesIn([{ bbox: [1, 2, 3, 4], label }]);
  expect(box?.label).toMatch(/^crack \| <b>x<\/b> \|\[31my+$/);
  expect(box?.label?.length).toBeLessThanOrEqual(60);
  boxesIn(JSON.parse('{"__proto__": {"label": "own"}, "constructor": {"prototype": {"label": "own"}}}'));
  expect(({} as { label?: string }).label).toBeUndefined();
});

it.each([
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1', '2002:7f00:1::1'],
  ...['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'fec0::1', '0.0.0.0', '100.100.100.200', '169.254.169.254', '::'],
])('has a name that leads to %s: that is no address of the internet', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

it.each(['93.184.215.14', '2606:4700:4700::1111', '::ffff:93.184.215.14'])('may stand at %s', (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});

it('is given a pipe for a picture by a client: refused at once, not waited for', async () => {
  const pipe = join(folder, 'pipe.png');
  execFileSync('mkfifo', [pipe]);
  await expect(readImageFile(pipe)).rejects.toThrow(/pipe\.png is not a file/);
});
