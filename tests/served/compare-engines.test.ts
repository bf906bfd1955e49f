import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conversationSchema, imageSchema, newId } from '@/lib/contract';
import { agreementText, latestOfEach } from '@/lib/workbench/engines/agreement';
import { describePeer } from '../support/peers/cache';
import { type RunningLlama, llamaServer, startLlama } from '../support/peers/llama-server';
import { readChunks } from '../support/read-stream';
import { type Served, freePort, newData, removeServed, startServed } from '../support/served';

/**
 * One question, three who answer it on a built server: the embedded model, llama.cpp's server, and a second LookTwice.
 */
jest.setTimeout(900_000);
const PICTURE = readFileSync(join(__dirname, '../fixtures/images/cookie-cracked-2.jpg'));

describePeer(llamaServer, (folder) => {
  let llama: RunningLlama;
  let second: Served;
  let served: Served;
  beforeAll(async () => {
    const [data, port] = [newData(), await freePort()];
    llama = await startLlama(folder);
    const common = { kind: 'openai-compatible', private: true, retries: 0 };
    const engines = {
      llama: { ...common, label: 'Llama', url: llama.url, model: 'smollm2', images: false, maxTokens: 48 },
      second: {
        ...{ ...common, label: 'Second', url: `http://127.0.0.1:${port}/v1`, model: 'looktwice' },
        ...{ prompt: 'plain', sends: { crops: 0 } },
      },
    };
    writeFileSync(join(data, 'engines.json'), JSON.stringify({ engines }), { mode: 0o600 });
    second = await startServed({ port, until: 'ready' });
    served = await startServed({ data, until: 'ready' });
  });
  afterAll(async () => {
    await llama?.kill();
    await removeServed(served);
    await removeServed(second);
  });

  const chat = async (body: object) =>
    readChunks(
      await fetch(`${served.url}/api/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ settings: { temperature: 0 }, ...body }),
      }),
    );

  it('has their answers beside each other, with times, masks and agreement, and the conversation’s engine stays', async () => {
    const uploaded = await fetch(`${served.url}/api/images?name=part.jpg`, { method: 'POST', body: PICTURE });
    const { id: imageId } = imageSchema.parse(await uploaded.json());
    const [conversationId, questionId] = [newId(), newId()];
    await chat({
      ...{ conversationId, trigger: 'submit', parentId: null },
      message: {
        ...{ id: questionId, role: 'user' },
        parts: [
          { type: 'data-image', data: { imageId } },
          { type: 'text', text: 'Is there any anomaly in this image?' },
        ],
      },
    });
    for (const engine of ['llama', 'second']) {
      const also = { conversationId, trigger: 'regenerate', parentId: questionId, engine, engineOnce: true };
      const refused = await fetch(`${served.url}/api/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(also),
      });
      expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
        403,
        'consent_required',
      ]);
      const chunks = await chat({ ...also, allowEngine: true });
      expect(chunks.at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'complete' } });
    }
    const stored = conversationSchema.parse(
      await (await fetch(`${served.url}/api/conversations/${conversationId}`)).json(),
    );
    expect(stored.engine ?? null).toBeNull();
    const answers = stored.messages.filter(({ role }) => role === 'assistant');
    const compared = latestOfEach(answers);
    expect(compared.map(({ label }) => label)).toEqual(['Embedded', 'Llama', 'Second']);
    for (const { totalMs, message } of compared) {
      expect(totalMs).toBeGreaterThan(0);
      expect(message.parts.filter(({ type }) => type === 'data-mask').length).toBeGreaterThan(0);
    }
    expect(agreementText(compared)).toMatch(/^(?:All say the same|They differ|Fewer than two)/);
  });
});
