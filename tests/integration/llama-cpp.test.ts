import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { POST as chat } from '@/app/api/chat/route';
import { POST as stop } from '@/app/api/chat/[conversationId]/stop/route';
import { GET as read } from '@/app/api/conversations/[id]/route';
import { POST as test_ } from '@/app/api/engines/[name]/test/route';
import { POST as upload } from '@/app/api/images/route';
import type { ChatChunk } from '@/lib/assistant/answers/chunks';
import { runningAnswers } from '@/lib/assistant/answers/running-answers';
import { conversationSchema, engineTestSchema, imageSchema, newId } from '@/lib/contract';
import { getEngine } from '@/lib/engine/worker/client';
import { useDataDirectory } from '../support/data-directory';
import { describePeer } from '../support/peers/cache';
import { type RunningLlama, isLlamaBusy, llamaServer, startLlama } from '../support/peers/llama-server';
import { readChunks } from '../support/read-stream';
import { call } from '../support/request';

/** Our expert looks, llama.cpp's server writes: it has a text model, so it gets the findings in words. */
jest.setTimeout(600_000);

const part = <Type extends ChatChunk['type']>(chunks: readonly ChatChunk[], type: Type) =>
  chunks.filter((chunk): chunk is Extract<ChatChunk, { type: Type }> => chunk.type === type);
const textOf = (chunks: readonly ChatChunk[]) =>
  part(chunks, 'text-delta')
    .map(({ delta }) => delta)
    .join('');
const conversation = async (id: string) =>
  conversationSchema.parse(await (await call(read, '/', { params: { id } })).json());

describePeer(llamaServer, (folder) => {
  const data = useDataDirectory();
  /** One that ends its answers by itself, one that talks on until it is ended, one that can read a few words only. */
  let ending: RunningLlama;
  let endless: RunningLlama;
  let narrow: RunningLlama;
  let picture: string;

  beforeAll(async () => {
    ending = await startLlama(folder);
    endless = await startLlama(folder, { options: ['--ignore-eos'] });
    narrow = await startLlama(folder, { options: ['--ctx-size', '256', '--no-context-shift'] });
    const engine = ({ url }: RunningLlama, label: string) => ({
      ...{ kind: 'openai-compatible', label, url, model: 'smollm2', images: false, private: true, retries: 0 },
    });
    const engines = {
      // A model of this size may go on until its limit.
      llama: { ...engine(ending, 'Llama'), maxTokens: 48 },
      json: { ...engine(ending, 'Llama'), structured: true, maxTokens: 120 },
      endless: engine(endless, 'Endless'),
      careful: { ...engine(endless, 'Careful'), fallback: 'embedded' },
      narrow: engine(narrow, 'Narrow'),
    };
    await writeFile(join(data.path(), 'engines.json'), JSON.stringify({ engines }), { mode: 0o600 });
    await getEngine().load();
    const body = await readFile(join(__dirname, '../fixtures/images/cookie-cracked-2.jpg'));
    picture = imageSchema.parse(await (await call(upload, '/api/images?name=part.jpg', { body })).json()).id;
  });
  afterAll(async () => {
    await Promise.all([ending?.kill(), endless?.kill(), narrow?.kill(), getEngine().close()]);
  });

  type Ask = { conversationId: string; text: string; engine?: string; parentId?: string | null; seed?: number };
  const send = ({ conversationId, text, engine, parentId = null }: Ask) =>
    call(chat, '/api/chat', {
      json: {
        ...{ conversationId, trigger: 'submit', parentId, settings: { temperature: 0 } },
        ...(engine !== undefined && { engine, allowEngine: true }),
        message: {
          id: newId(),
          role: 'user',
          parts: [
            ...(parentId === null ? [{ type: 'data-image', data: { imageId: picture } }] : []),
            { type: 'text', text },
          ],
        },
      },
    });

  /** Reads an answer, and does something once its first words are there. */
  async function atFirstWords(conversationId: string, answer: Promise<Response>, act: () => Promise<unknown>) {
    const reading = readChunks(await answer);
    for (let said = ''; said.length < 20;) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      said = textOf(runningAnswers().get(conversationId)?.log.all() ?? []);
    }
    await act();
    return reading;
  }

  it('is tried and answers', async () => {
    const tried = await call(test_, '/', { method: 'POST', params: { name: 'llama' } });
    const { ok, message } = engineTestSchema.parse(await tried.json());
    expect([ok, message]).toEqual([true, expect.stringMatching(/^It answered.*: \S/) as string]);
  });

  it('has a conversation of several turns, with what our expert found beside its words', async () => {
    const conversationId = newId();
    const first = await readChunks(
      await send({ conversationId, text: 'Is there any anomaly in this image?', engine: 'llama' }),
    );
    expect(first.at(-1)).toMatchObject({
      type: 'finish',
      messageMetadata: { state: 'complete', bundle: 'llama/smollm2' },
    });
    expect(textOf(first)).toMatch(/\w{3}/);
    const [inspection] = part(first, 'data-inspection');
    expect(inspection?.data.verdict).toBe('anomalous');
    expect(part(first, 'data-mask').length).toBeGreaterThan(0);
    expect(part(first, 'data-findings').at(-1)?.data.items.length).toBeGreaterThan(0);
    expect(part(first, 'data-engine').map(({ data: { fallback } }) => fallback)).toEqual([null]);

    const { leafId } = await conversation(conversationId);
    const second = await readChunks(
      await send({ conversationId, text: 'What could have caused it?', parentId: leafId }),
    );
    expect(textOf(second)).toMatch(/\w{3}/);
    const { messages } = await conversation(conversationId);
    expect(messages.map(({ role, metadata }) => [role, metadata.state])).toEqual([
      ['user', 'complete'],
      ['assistant', 'complete'],
      ['user', 'complete'],
      ['assistant', 'complete'],
    ]);
  });

  it('fills our JSON schema, of which people see the words', async () => {
    const conversationId = newId();
    const chunks = await readChunks(await send({ conversationId, text: 'Is there any anomaly?', engine: 'json' }));
    expect(textOf(chunks)).not.toMatch(/[{}]|"answer"/);
    expect(part(chunks, 'data-engine')).toHaveLength(1);
    expect(chunks.at(-1)?.type).toMatch(/^(?:finish|error)$/);
  });

  it('stops with the answer that it writes', async () => {
    const conversationId = newId();
    const chunks = await atFirstWords(
      conversationId,
      send({ conversationId, text: 'Write an inspection report.', engine: 'endless' }),
      async () => {
        expect(await isLlamaBusy(endless)).toBe(true);
        await call(stop, '/', { method: 'POST', params: { conversationId } });
      },
    );
    expect(chunks.at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'stopped' } });
    const stored = (await conversation(conversationId)).messages[1];
    expect(stored?.parts).toContainEqual({ type: 'text', text: textOf(chunks) });
    while (await isLlamaBusy(endless)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('is told to be too small for a conversation, in a sentence that names what to do', async () => {
    const text = 'Is there any anomaly in this image? '.repeat(60);
    const chunks = await readChunks(await send({ conversationId: newId(), text, engine: 'narrow' }));
    expect(chunks.at(-1)).toMatchObject({
      type: 'error',
      errorText: expect.stringMatching(/^The conversation is too long for Narrow: .*context.*: start a new one\./),
    });
  });

  it('leaves what it said when it is killed in mid-answer, and answers again when it is back', async () => {
    const conversationId = newId();
    const chunks = await atFirstWords(
      conversationId,
      send({ conversationId, text: 'Write an inspection report.', engine: 'endless' }),
      () => endless.kill(),
    );
    expect(chunks.at(-1)).toEqual({
      type: 'error',
      errorText: expect.stringMatching(/^Endless broke off in mid-answer\. \(request [0-9a-f-]{36}\)$/) as string,
    });
    const [question, failed] = (await conversation(conversationId)).messages;
    expect(failed?.metadata).toMatchObject({ state: 'failed', error: { code: 'model_unavailable' } });
    expect(textOf(chunks)).not.toBe('');
    expect(failed?.parts).toContainEqual({ type: 'text', text: textOf(chunks) });
    expect(failed?.parts.map(({ type }) => type)).toContain('data-inspection');

    const gone = await readChunks(await send({ conversationId: newId(), text: 'Any defect?', engine: 'endless' }));
    expect(gone.at(-1)).toMatchObject({
      type: 'error',
      errorText: expect.stringContaining(`Endless cannot be reached at 127.0.0.1:${endless.port}`) as string,
    });

    endless = await startLlama(folder, { port: endless.port, options: ['--ignore-eos', '--n-predict', '24'] });
    const again = await readChunks(
      await call(chat, '/api/chat', { json: { conversationId, trigger: 'regenerate', parentId: question?.id } }),
    );
    expect(again.at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'complete' } });
    expect((await conversation(conversationId)).messages).toHaveLength(3);
  });

  it('is followed by the embedded model when it is killed in mid-answer, where that is allowed', async () => {
    await endless.kill();
    endless = await startLlama(folder, { port: endless.port, options: ['--ignore-eos'] });
    const conversationId = newId();
    let before = '';
    const chunks = await atFirstWords(
      conversationId,
      send({ conversationId, text: 'Is there any anomaly in this image?', engine: 'careful' }),
      async () => {
        before = textOf(runningAnswers().get(conversationId)?.log.all() ?? []);
        await endless.kill();
      },
    );
    expect(chunks.at(-1)).toMatchObject({
      type: 'finish',
      messageMetadata: { state: 'complete', bundle: getEngine().status().info?.bundle },
    });
    expect(part(chunks, 'data-engine').map(({ data: { fallback } }) => fallback)).toEqual([
      null,
      { to: 'embedded', reason: 'Careful broke off in mid-answer.' },
    ]);
    expect(textOf(chunks).startsWith(before)).toBe(true);
    const [own = '', rest = ''] = textOf(chunks).split(/\n\n(?=[^\n]*$)/);
    expect([own.length > 0, rest.length > 0]).toEqual([true, true]);
    expect(part(chunks, 'data-inspection')).toHaveLength(1);
  });
});
