import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZERO_SHOT, judge } from '@/lib/anomaly/verdict';
import { runLocalTurn as runTurn } from '@/lib/turn/local/run-local-turn';
import type { TurnEvent } from '@/lib/turn/types';
import { openBundle, verifyBundle } from '@/lib/engine/bundle';
import { type Models, closeModels, loadModels } from '@/lib/engine/worker/models';
import { turnModels } from '@/lib/engine/worker/turn-models';
import { LanguageModel } from '@/lib/language';
import { type CompletionsServer, startCompletionsServer, storedEntry } from '../support/completions-server';
import { runLooktwice } from '../support/run-looktwice';

/** A bundle whose language model a server runs: the server here runs the very model that another bundle runs itself. */
const published = join(__dirname, '../fixtures/published');
const image = join(__dirname, '../fixtures/images/cookie-cracked-1.jpg');
const QUESTION = 'Is there a crack?';

let folder: string;
let served: LanguageModel;
let server: CompletionsServer;
let local: Models;
let remote: Models;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looktwice-completions-'));
  for (const name of await readdir(published)) {
    await copyFile(join(published, name), join(folder, name));
  }
  await rm(join(folder, 'language.onnx'));
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { files: object; language: object };
  const { 'language.onnx': unused, ...files } = manifest.files as Record<string, object>;
  expect(unused).toBeDefined();
  const language = { ...manifest.language, remote: { model: 'qwen2-7b' } };
  await writeFile(path, JSON.stringify({ ...manifest, files, language }));

  const bundle = await openBundle(published);
  served = await LanguageModel.open(bundle);
  server = await startCompletionsServer(served, bundle.manifest.language.width);
  process.env.LOOKTWICE_COMPLETIONS_URL = server.url;
  process.env.LOOKTWICE_COMPLETIONS_KEY = 'a key';
  [local, remote] = [await loadModels(published), await loadModels(folder)];
});
afterAll(async () => {
  delete process.env.LOOKTWICE_COMPLETIONS_URL;
  delete process.env.LOOKTWICE_COMPLETIONS_KEY;
  await Promise.all([closeModels(local), closeModels(remote), served.close(), server.close()]);
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  server.received = [];
  server.tellsTokens = true;
});

type Asked = { score: number; maxTokens?: number; signal?: AbortSignal; onEvent?: (event: TurnEvent) => void };

/** A first look at an image that is as suspicious as `score` says. */
async function ask(models: Models, { score, maxTokens = 20, signal, onEvent }: Asked) {
  const turns = await turnModels(models);
  const events: TurnEvent[] = [];
  const { finishReason } = await runTurn(
    {
      ...turns,
      look: async (...args) => {
        const looked = await turns.look(...args);
        const judgement = judge(score, ZERO_SHOT, undefined, {});
        return { ...looked, state: { ...looked.state, score, judgement, bucket: score < 0.5 ? 'slightly' : 'highly' } };
      },
    },
    {
      messages: [
        { role: 'user', text: QUESTION, images: [{ id: 'a', name: 'a.jpg', source: { path: image } }], references: [] },
      ],
      focus: null,
      settings: { maxTokens },
    },
    {
      signal: signal ?? new AbortController().signal,
      emit: (event) => {
        events.push(event);
        onEvent?.(event);
      },
    },
  );
  const said = events.flatMap((event) => (event.type === 'text' ? [event.delta] : []));
  const masks = events.filter((event) => event.type === 'mask');
  return { said, masks, finishReason };
}

it('needs no graph of the language model', async () => {
  await expect(verifyBundle(folder)).resolves.toMatchObject({ directory: folder });
});

it.each([0.9, 0.1])('says what the same model says in this process, of an image of score %d', async (score) => {
  const [own, theirs] = [await ask(local, { score }), await ask(remote, { score })];
  expect(theirs).toEqual(own);
  expect(own.said.length).toBeGreaterThan(3);
  expect(own.masks).toHaveLength(score < 0.5 ? 0 : 1);
  expect(server.received.length).toBeGreaterThan(0);
});

it('sends the prompt as vectors, what may not be said, and the key of the environment', async () => {
  await ask(remote, { score: 0.9 });
  const [first] = server.received;
  expect(first?.authorization).toBe('Bearer a key');
  expect(first?.body).toMatchObject({
    model: 'qwen2-7b',
    prompt: '',
    stream: true,
    max_tokens: 20,
    min_tokens: 1,
    temperature: 0,
    stop_token_ids: [322],
    logit_bias: { 320: -100, 321: -100 },
  });
  const archive = Buffer.from(String(first?.body.prompt_embeds), 'base64');
  expect(storedEntry(archive, 'archive/version').toString()).toBe('3\n');
  // <|im_start|> comes first: its row of the embedding matrix.
  const matrix = new Float32Array(Uint8Array.from(await readFile(join(published, 'language.base.bin'))).buffer);
  expect([...(first?.rows.subarray(0, 32) ?? [])]).toEqual([...matrix.subarray(321 * 32, 322 * 32)]);
});

it('reads the text of a server that does not tell its tokens', async () => {
  server.tellsTokens = false;
  const { said } = await ask(remote, { score: 0.1 });
  expect(said.join('')).toMatch(/\S/);
});

it('ends the request when the answer is stopped', async () => {
  const controller = new AbortController();
  const { abandoned } = server;
  const asked = ask(remote, {
    score: 0.9,
    maxTokens: 300,
    signal: controller.signal,
    onEvent: ({ type }) => {
      if (type === 'text') {
        controller.abort();
      }
    },
  });
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  while (server.abandoned === abandoned) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

describe('the command line', () => {
  const run = (env: Record<string, string>) =>
    runLooktwice(['ask', image, QUESTION, '--max-tokens', '8'], { LOOKTWICE_BUNDLE: folder, ...env });

  it('answers by way of the server', async () => {
    const [own, theirs] = [await run({ LOOKTWICE_BUNDLE: published }), await run({})];
    expect(theirs).toEqual(own);
    expect(server.received.length).toBeGreaterThan(0);
  });

  it.each([
    ['no address', '', /LOOKTWICE_COMPLETIONS_URL/],
    ['an address of another kind', 'file:///etc', /LOOKTWICE_COMPLETIONS_URL/],
    ['nobody there', 'http://127.0.0.1:9/v1', /server 127\.0\.0\.1:9 cannot be reached/],
  ])('says in one line that there is %s', async (_, address, message) => {
    const { code, stderr } = await run({ LOOKTWICE_COMPLETIONS_URL: address });
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(/^[^\n]+$/);
    expect(stderr).toMatch(message);
  });

  it('says what a server that refuses gives as its reason', async () => {
    const { stderr } = await run({ LOOKTWICE_COMPLETIONS_URL: server.url.replace('/v1', '/v2') });
    expect(stderr.trim()).toMatch(/^looktwice: [^\n]*refused the prompt \(404\): no such route$/);
  });
});
