import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GET as audit } from '@/app/api/audit/route';
import { POST as chat } from '@/app/api/chat/route';
import { POST as stop } from '@/app/api/chat/[conversationId]/stop/route';
import { GET as read, PATCH as change } from '@/app/api/conversations/[id]/route';
import { POST as setConsent } from '@/app/api/engines/[name]/consent/route';
import { GET as engines } from '@/app/api/engines/route';
import { POST as test_ } from '@/app/api/engines/[name]/test/route';
import { POST as upload } from '@/app/api/images/route';
import { POST as teach } from '@/app/api/parts/route';
import type { ChatChunk } from '@/lib/assistant/answers/chunks';
import { chooseEngine } from '@/lib/assistant/answers/choose-engine';
import { runningAnswers } from '@/lib/assistant/answers/running-answers';
import {
  conversationSchema,
  engineTestSchema,
  enginesResponseSchema,
  imageSchema,
  newId,
  type ChatRequest,
} from '@/lib/contract';
import { database } from '@/lib/database/client';
import { LOCAL_USER_ID } from '@/lib/database/users';
import { answerWith } from '@/lib/engines/answer';
import { getEngine } from '@/lib/engine/worker/client';
import { ensureBank } from '@/lib/parts/bank';
import { partDetailSchema } from '@/lib/parts/contract';
import { rleArea } from '@/lib/segmentation/rle';
import {
  type Behaviour,
  type ChatServer,
  EVENT_STREAM,
  answering,
  refusing,
  startChatServer,
  word,
} from '../support/chat-server';
import { useDataDirectory } from '../support/data-directory';
import { makeFlange } from '../support/flange';
import { readChunks } from '../support/read-stream';
import { call } from '../support/request';

/** Conversations with engines elsewhere: our experts look, a server on a real socket writes. */
jest.setTimeout(300_000);
const KEY = 'sk-the-key-of-the-seer';
/** Administrators choose the names of such variables. */
const VARIABLE = 'SEER_KEY';
const data = useDataDirectory();
let server: ChatServer;
let picture: string;
let engineConfigs: Record<string, object> = {};
const writeEngines = (all: object) =>
  writeFile(join(data.path(), 'engines.json'), JSON.stringify({ engines: all }), { mode: 0o600 });

beforeAll(async () => {
  server = await startChatServer(answering('Fine.'));
  process.env[VARIABLE] = KEY;
  const seer = {
    kind: 'openai-compatible',
    label: 'The seer',
    url: server.url,
    model: 'qwen2.5-vl',
    key: { env: VARIABLE },
    private: true,
    retries: 0,
  };
  engineConfigs = {
    seer,
    careful: { ...seer, label: 'Careful', fallback: 'embedded' },
    blind: { ...seer, images: false },
    narrow: { ...seer, sends: { pictures: 2, crops: 0 } },
  };
  await writeEngines(engineConfigs);
  await getEngine().load();
  const body = await readFile(join(__dirname, '../fixtures/images/cookie-cracked-1.jpg'));
  picture = imageSchema.parse(await (await call(upload, '/api/images?name=secret-part.jpg', { body })).json()).id;
});
afterAll(async () => {
  delete process.env[VARIABLE];
  await Promise.all([server.close(), getEngine().close()]);
});

type Ask = { conversationId: string; text?: string; images?: string[]; parentId?: string | null } & Pick<
  ChatRequest,
  'engine' | 'allowEngine' | 'settings'
>;

const send = ({ conversationId, text = 'Is there a defect?', images = [], parentId = null, ...engine }: Ask) =>
  call(chat, '/api/chat', {
    json: {
      conversationId,
      trigger: 'submit',
      parentId,
      message: {
        id: newId(),
        role: 'user',
        parts: [...images.map((imageId) => ({ type: 'data-image', data: { imageId } })), { type: 'text', text }],
      },
      ...engine,
    },
  });
const conversation = async (id: string) =>
  conversationSchema.parse(await (await call(read, '/', { params: { id } })).json());
const part = <Type extends ChatChunk['type']>(chunks: ChatChunk[], type: Type) =>
  chunks.filter((chunk): chunk is Extract<ChatChunk, { type: Type }> => chunk.type === type);
const textOf = (chunks: ChatChunk[]) =>
  part(chunks, 'text-delta')
    .map(({ delta }) => delta)
    .join('');

/** The parts of the question as they were sent, in order. */
type Sent = { type: string; text?: string; image_url?: { url: string } };
const sent = (index = -1): Sent[] => {
  const messages = server.received.at(index)?.body['messages'] as { role: string; content: Sent[] | string }[];
  return messages.flatMap(({ content }) => (typeof content === 'string' ? [{ type: 'text', text: content }] : content));
};
const textSent = () =>
  sent()
    .map(({ text }) => text ?? '')
    .join('\n');

/** Asks with the seer allowed. */
const askSeer = async (options: Partial<Ask> = {}) => {
  const conversationId = options.conversationId ?? newId();
  const chunks = await readChunks(
    await send({ conversationId, images: [picture], engine: 'seer', allowEngine: true, ...options }),
  );
  return { conversationId, chunks };
};

describe('consent', () => {
  it('is asked for before anything is stored or sent, and kept for that conversation', async () => {
    server.behave(answering('Yes.'));
    const conversationId = newId();
    const refused = await send({ conversationId, images: [picture], engine: 'seer' });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'consent_required',
        message: `Texts and pictures of this conversation would go to The seer at ${new URL(server.url).host}: allow it first, or choose another engine`,
      },
    });
    expect(server.received).toEqual([]);
    expect((await call(read, '/', { params: { id: conversationId } })).status).toBe(404);

    const { chunks } = await askSeer({ conversationId });
    expect(chunks.at(-1)).toMatchObject({ type: 'finish' });
    const stored = await conversation(conversationId);
    expect(stored).toMatchObject({ engine: 'seer', allowedEngines: ['seer'] });
    // The next question goes to the same engine without being asked again, and without naming it.
    const next = await readChunks(await send({ conversationId, text: 'Where?', parentId: stored.leafId }));
    expect(part(next, 'data-engine')).toHaveLength(1);
    // Another conversation has to be asked for itself.
    expect((await send({ conversationId: newId(), images: [picture], engine: 'seer' })).status).toBe(403);
  });

  it('is for the engine as the file had it, should the file change before it is asked', async () => {
    server.behave(answering('Fine.'));
    const conversationId = newId();
    await askSeer({ conversationId, engine: null, allowEngine: undefined });
    const wanted = { conversationId, engine: 'seer', allowEngine: true };
    const chosen = await chooseEngine({ userId: LOCAL_USER_ID }, wanted, {});
    server.received.length = 0;
    try {
      await writeEngines({ seer: { ...engineConfigs['seer'], url: 'http://127.0.0.1:9/v1' } });
      await chosen.keep();
      const question = { role: 'user' as const, text: 'Hello', images: [], references: [] };
      await answerWith(chosen.engine, { messages: [question], focus: null, settings: {} }, { key: 'x' });
      expect(server.received).toHaveLength(1);
      expect((await conversation(conversationId)).allowedEngines).toEqual([]);
    } finally {
      await writeEngines(engineConfigs);
    }
  });

  it('is in the audit log with engine, host and conversation', async () => {
    const { conversationId } = await askSeer();
    const { events } = (await (await call(audit, '/api/audit?action=engine')).json()) as { events: object[] };
    expect(events[0]).toMatchObject({
      action: 'engine.allow',
      target: `conversation ${conversationId}`,
      detail: { engine: 'seer', host: new URL(server.url).host, images: true },
    });
  });

  it('can be given for the whole workspace by an administrator, and taken back', async () => {
    const put = (allowed: boolean) => call(setConsent, '/', { params: { name: 'blind' }, json: { allowed } });
    expect(enginesResponseSchema.parse(await (await put(true)).json()).engines).toContainEqual(
      expect.objectContaining({ name: 'blind', allowed: true, images: false }),
    );
    expect(
      (await readChunks(await send({ conversationId: newId(), text: 'Hello', engine: 'blind' }))).at(-1)?.type,
    ).toBe('finish');
    await put(false);
    expect((await send({ conversationId: newId(), text: 'Hello', engine: 'blind' })).status).toBe(403);
  });

  it('is asked for again where pictures would be sent that were not before', async () => {
    server.behave(answering('Yes.'));
    const { conversationId } = await askSeer({ engine: 'blind' });
    const { leafId } = await conversation(conversationId);
    server.received.length = 0;
    try {
      await writeEngines({ ...engineConfigs, blind: { ...engineConfigs['blind'], images: true } });
      expect((await send({ conversationId, text: 'Where?', parentId: leafId })).status).toBe(403);
      expect((await conversation(conversationId)).allowedEngines).toEqual([]);
      expect(server.received).toEqual([]);
    } finally {
      await writeEngines(engineConfigs);
    }
    expect((await send({ conversationId, text: 'Where?', parentId: leafId })).status).toBe(200);
  });

  it('names what is wrong with the file, and not where the server keeps it', async () => {
    try {
      await writeEngines({ seer: { kind: 'magic' } });
      const { problem, engines: left } = enginesResponseSchema.parse(
        await (await call(engines, '/api/engines')).json(),
      );
      expect(problem).toMatch(/^engines\.json: engines\.seer/);
      expect(left.map(({ name }) => name)).toEqual(['embedded']);
    } finally {
      await writeEngines(engineConfigs);
    }
  });

  it('lists engines without their keys', async () => {
    const text = await (await call(engines, '/api/engines')).text();
    expect(text).not.toContain(KEY);
    expect(enginesResponseSchema.parse(JSON.parse(text)).engines.map(({ name }) => name)).toEqual([
      'embedded',
      'seer',
      'careful',
      'blind',
      'narrow',
    ]);
  });
});

describe('what is sent', () => {
  it('is picture, enlarged regions and what the expert says in words, and neither name nor data of the file', async () => {
    server.behave(answering('Yes.'));
    const { chunks } = await askSeer();
    const [inspection] = part(chunks, 'data-inspection');
    const { bucket, verdict, probability, regions } = inspection?.data ?? {};
    expect(server.received[0]?.authorization).toBe(`Bearer ${KEY}`);
    expect(textSent()).toContain(`The expert finds ${bucket} suspicious features in this picture`);
    expect(textSent()).toContain(`Its verdict: ${verdict}, probability of an anomaly ${probability?.toFixed(2)}`);
    const pictures = sent().flatMap(({ image_url: url }) => url?.url ?? []);
    expect(pictures).toHaveLength(1 + Math.min(4, regions?.length ?? 0));
    for (const url of pictures) {
      const bytes = Buffer.from(url.replace('data:image/jpeg;base64,', ''), 'base64');
      expect(bytes.subarray(0, 2).toString('hex')).toBe('ffd8');
      expect(bytes.includes('Exif')).toBe(false);
    }
    expect(JSON.stringify(server.received[0]?.body)).not.toContain('secret-part');
    expect(sent().at(-1)?.text).toBe('Is there a defect?');
  });

  it('has what was said before', async () => {
    server.behave(answering('Yes, a crack.'));
    const { conversationId } = await askSeer();
    await readChunks(
      await send({
        conversationId,
        text: 'What could have caused it?',
        parentId: (await conversation(conversationId)).leafId,
      }),
    );
    expect(textSent()).toMatch(
      /Is there a defect\?\nYes, a crack\.\n(?:Measured and known: .*\n)?What could have caused it\?$/,
    );
    expect(sent().filter(({ image_url: url }) => url !== undefined).length).toBeGreaterThan(0);
  });

  it('has no picture for an engine that takes none, and none is drawn', async () => {
    const drawn = jest.spyOn(getEngine(), 'pictures');
    await askSeer({ engine: 'blind' });
    expect(sent().every(({ image_url: url }) => url === undefined)).toBe(true);
    expect(textSent()).toMatch(/The expert finds \w+ suspicious features/);
    expect(textSent()).toContain('You are not sent the pictures.');
    expect(drawn).not.toHaveBeenCalled();
    drawn.mockRestore();
  });

  describe('of a question with four pictures', () => {
    let four: string[];
    const looks = () => textSent().match(/The expert finds/g)?.length;
    const shown = () => sent().filter(({ image_url: url }) => url !== undefined).length;
    beforeAll(async () => {
      const others = ['cookie-normal-1', 'cube-normal-1', 'cube-abnormal-1'].map(async (name) => {
        const body = await readFile(join(__dirname, `../fixtures/images/${name}.jpg`));
        return imageSchema.parse(await (await call(upload, `/api/images?name=${name}.jpg`, { body })).json()).id;
      });
      four = [picture, ...(await Promise.all(others))];
      server.behave(answering('Yes.'));
    });

    it('is each of them', async () => {
      const { chunks } = await askSeer({ images: four });
      expect(looks()).toBe(4);
      expect(shown()).toBeGreaterThanOrEqual(4);
      expect(textSent()).not.toContain('A picture that is n');
      expect(part(chunks, 'data-notice').filter(({ data: { kind } }) => kind === 'unsent')).toEqual([]);
    });

    it('is as many as the engine may have, the rest in words, and people are told', async () => {
      const { chunks } = await askSeer({ images: four, engine: 'narrow' });
      expect([looks(), shown()]).toEqual([4, 2]);
      expect(textSent().match(/\(A picture that is not sent\.\)/g)).toHaveLength(2);
      expect(part(chunks, 'data-notice').find(({ data: { kind } }) => kind === 'unsent')?.data.text).toBe(
        'The seer was sent 2 of the 4 pictures of this question. What the expert found on the others was told to it.',
      );
    });
  });

  it('is no file name of a data set that the question names', async () => {
    const datasetId = newId();
    await database().dataset.create({
      data: { id: datasetId, ownerId: LOCAL_USER_ID, name: 'Plates', format: 'folder' },
    });
    const item = {
      datasetId,
      imageId: picture,
      label: 'normal' as const,
      score: 0.9,
      disagreement: 0.9,
      uncertainty: 0.4,
    };
    await database().datasetItem.create({ data: { ...item, id: newId(), path: 'customer/secret-item.jpg' } });
    const conversationId = newId();
    const text = 'Which images of @Plates look mislabelled?';
    const { chunks } = await askSeer({ conversationId, text });
    expect(part(chunks, 'data-dataset')[0]?.data.rows[0]?.cells).toContain('customer/secret-item.jpg');
    expect(textSent()).toContain('the first is labelled normal, score 0.90');

    // As versions before this one stored it.
    const { messages, leafId } = await conversation(conversationId);
    const parts = messages[1]?.parts.map((each) =>
      each.type === 'data-dataset'
        ? {
            ...each,
            data: { ...each.data, evidence: ' [data set Plates: first customer/secret-item.jpg, labelled normal]' },
          }
        : each,
    );
    await database().message.update({ where: { id: messages[1]?.id ?? '' }, data: { parts: parts as object[] } });
    await readChunks(await send({ conversationId, text: 'And now?', parentId: leafId }));
    expect(textSent()).toContain('[data set Plates: the first is labelled normal]');
    expect(JSON.stringify(server.received.map(({ body }) => body))).not.toContain('secret-item');
  });
});

describe('a part that was taught', () => {
  const sendFlange = async (seed: number, defect: boolean) => {
    const body = await makeFlange(seed, { defect });
    return imageSchema.parse(await (await call(upload, `/api/images?name=flange-${seed}.png`, { body })).json()).id;
  };

  it('is what the expert compares with and marks by, whoever writes', async () => {
    const goldenIds = [
      await sendFlange(1, false),
      await sendFlange(2, false),
      await sendFlange(3, false),
      await sendFlange(4, false),
    ];
    const created = await call(teach, '/api/parts', { json: { name: 'Flange', goldenIds } });
    const { id } = partDetailSchema.parse(await created.json());
    await ensureBank(id);
    const image = await sendFlange(9, true);
    const mark = jest.spyOn(getEngine(), 'mark');
    server.behave(answering('Yes, a scratch.'));

    const { chunks } = await askSeer({ images: [image] });
    expect(part(chunks, 'data-inspection')[0]?.data).toMatchObject({ verdict: 'anomalous', part: { id } });
    expect(textSent()).toContain('Its verdict: anomalous');
    expect(mark.mock.calls.map(([{ parts }]) => parts?.candidates.map((each) => each.id))).toEqual([[id]]);
    mark.mockRestore();

    const without = await askSeer({ images: [image], settings: { part: 'none' } });
    expect(part(without.chunks, 'data-inspection')[0]?.data.basis.kind).toBe('zero-shot');
  });
});

/** Says the opposite of what the expert is said to have found. */
const contradicting: Behaviour = (request, response, received) => {
  const isAnomalous = JSON.stringify(received.body).includes('Its verdict: anomalous');
  return answering(isAnomalous ? 'No, the part looks normal.' : 'Yes, there is a scratch. It can be shipped.')(
    request,
    response,
    received,
  );
};

it('shows both where model and expert disagree', async () => {
  server.behave(contradicting);
  const { conversationId, chunks } = await askSeer();
  const [inspection] = part(chunks, 'data-inspection');
  const notice = part(chunks, 'data-notice').find((chunk) => chunk.data.kind === 'disagreement');
  expect(notice?.data.text).toMatch(/^The seer .* the expert .*\(0\.\d\d\)/);
  expect(notice?.data.imageId).toBe(picture);
  expect(inspection?.data.verdict).toBeDefined();
  const stored = (await conversation(conversationId)).messages[1];
  expect(stored?.parts.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['data-notice', 'data-inspection', 'text', 'data-engine']),
  );
});

it('makes masks of the boxes in its reply, which nobody reads as numbers', async () => {
  server.behave(answering('Yes, look here.\n', '```json\n[{"bbox_2d": [4, 4, ', '60, 60], "label": "scratch"}]\n```'));
  const { chunks } = await askSeer();
  expect(textOf(chunks)).toBe('Yes, look here.\n');
  const mask = part(chunks, 'data-mask').at(-1)?.data;
  expect(mask?.label).toBe('scratch');
  expect(rleArea(mask?.rle ?? { counts: [1] })).toBeGreaterThan(0);
  const [, , width, height] = mask?.bbox ?? [0, 0, 0, 0];
  const [rows, columns] = mask?.rle.size ?? [1, 1];
  expect(width * height).toBeLessThan(0.2 * rows * columns);
  expect(part(chunks, 'data-findings').at(-1)?.data.items[0]?.type).toBe('scratch');
});

it('says so when a model only thinks', async () => {
  server.behave(answering('<think>Is it a crack? ', 'Let me see. '.repeat(1000)));
  const { chunks } = await askSeer();
  expect(textOf(chunks)).toBe('');
  expect(chunks.at(-1)).toMatchObject({
    type: 'error',
    errorText: expect.stringMatching(/^The seer thought until its answer was over.*engines\.seer\.maxTokens/),
  });
});

describe('trouble', () => {
  it('stops within a word, and what was said is stored', async () => {
    server.behave((_request, response) => void response.writeHead(200, EVENT_STREAM).write(word('There is ')));
    const conversationId = newId();
    const reading = readChunks(await send({ conversationId, images: [picture], engine: 'seer', allowEngine: true }));
    while (
      server.received.length === 0 ||
      !runningAnswers()
        .get(conversationId)
        ?.log.all()
        .some(({ type }) => type === 'text-delta')
    ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await call(stop, '/', { method: 'POST', params: { conversationId } });
    expect((await reading).at(-1)).toMatchObject({ type: 'finish', messageMetadata: { state: 'stopped' } });
    expect((await conversation(conversationId)).messages[1]?.parts).toContainEqual({ type: 'text', text: 'There is ' });
  });

  it('keeps what a killed engine had said, says so, and answers again when it is back', async () => {
    server.behave((_request, response) => {
      response.writeHead(200, EVENT_STREAM).write(word('There is '));
      setTimeout(() => response.destroy(), 100);
    });
    const { conversationId, chunks } = await askSeer();
    expect(chunks.at(-1)).toEqual({
      type: 'error',
      errorText: expect.stringMatching(/^The seer broke off in mid-answer\. \(request [0-9a-f-]{36}\)$/),
    });
    const [question, failed] = (await conversation(conversationId)).messages;
    expect(failed?.metadata).toMatchObject({ state: 'failed', error: { code: 'model_unavailable' } });
    expect(failed?.parts).toContainEqual({ type: 'text', text: 'There is ' });
    server.behave(answering('There is a crack.'));
    const again = await readChunks(
      await call(chat, '/api/chat', { json: { conversationId, trigger: 'regenerate', parentId: question?.id } }),
    );
    expect(textOf(again)).toBe('There is a crack.');
    expect((await conversation(conversationId)).messages).toHaveLength(3);
  });

  it('falls back to the embedded model where that is allowed, and says so', async () => {
    const FAILING_MS = 200;
    server.behave(async (...asked) => {
      await new Promise((resolve) => setTimeout(resolve, FAILING_MS));
      await refusing(500, 'out of memory')(...asked);
    });
    const { conversationId, chunks } = await askSeer({ engine: 'careful' });
    expect(chunks.at(-1)).toMatchObject({
      type: 'finish',
      messageMetadata: { state: 'complete', bundle: getEngine().status().info?.bundle },
    });
    expect(textOf(chunks).trim()).not.toBe('');
    expect(part(chunks, 'data-engine').map(({ data: { fallback } }) => fallback)).toEqual([
      null,
      { to: 'embedded', reason: 'Careful failed by itself (500: out of memory).' },
    ]);
    expect(part(chunks, 'data-inspection')).toHaveLength(1);
    // People waited for both.
    const { firstTokenMs = 0, totalMs = 0 } = part(chunks, 'data-timings')[0]?.data ?? {};
    expect(firstTokenMs).toBeGreaterThan(FAILING_MS - 5);
    expect(totalMs).toBeGreaterThanOrEqual(firstTokenMs);
    // The marks are those that the words are about, not the expert's beside them.
    expect(part(chunks, 'data-mask').length).toBeLessThanOrEqual(1);
    expect((await conversation(conversationId)).engine).toBe('careful');
  });

  it('goes on with the embedded model in the same conversation when that is chosen', async () => {
    server.behave(answering('Yes, there is a crack.'));
    const { conversationId } = await askSeer();
    expect(
      (await call(change, '/', { method: 'PATCH', params: { id: conversationId }, json: { engine: null } })).status,
    ).toBe(200);
    const { leafId } = await conversation(conversationId);
    const chunks = await readChunks(await send({ conversationId, text: 'What should we do?', parentId: leafId }));
    expect(part(chunks, 'data-engine')).toEqual([]);
    expect(textOf(chunks).trim()).not.toBe('');
    expect(server.received).toHaveLength(1);
  });

  it('has one answer by another engine for a comparison, and stays with its own', async () => {
    server.behave(answering('Yes, there is a crack.'));
    const { conversationId } = await askSeer();
    const [question] = (await conversation(conversationId)).messages;
    const once = { conversationId, trigger: 'regenerate', parentId: question?.id, engine: null, engineOnce: true };
    const chunks = await readChunks(await call(chat, '/api/chat', { json: once }));
    expect(part(chunks, 'data-engine')).toEqual([]);
    const { engine, messages } = await conversation(conversationId);
    expect([engine, messages.length]).toEqual(['seer', 3]);
  });

  it('says so when an engine is named that there is not', async () => {
    const refused = await send({ conversationId: newId(), engine: 'oracle' });
    expect([refused.status, ((await refused.json()) as { error: { message: string } }).error.message]).toEqual([
      400,
      'There is no engine "oracle": there are embedded, seer, careful, blind, narrow.',
    ]);
  });
});

it('tries an engine, and tells what it answered or why it did not', async () => {
  const attempt = async (name: string) =>
    engineTestSchema.parse(await (await call(test_, '/', { method: 'POST', params: { name } })).json());
  server.behave(answering('Red.'));
  expect(await attempt('seer')).toMatchObject({ ok: true, message: 'It answered (as seer-1): Red.' });
  server.behave(refusing(401, `Incorrect API key provided: ${KEY}`));
  expect(await attempt('seer')).toMatchObject({
    ok: false,
    message: 'The seer refuses the key (401): look at engines.seer.key.',
  });
});

it('has left the key nowhere in the data directory', async () => {
  const files = (await readdir(data.path(), { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    expect((await readFile(join(file.parentPath, file.name))).includes(KEY)).toBe(false);
  }
});
