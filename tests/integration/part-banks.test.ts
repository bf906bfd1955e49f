import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POST as upload } from '@/app/api/images/route';
import { POST as inspect } from '@/app/api/inspect/route';
import { GET as show } from '@/app/api/parts/[id]/route';
import { POST as addSamples } from '@/app/api/parts/[id]/samples/route';
import { POST as create } from '@/app/api/parts/route';
import { imageSchema, inspectResponseSchema, type InspectionPart } from '@/lib/contract';
import { withParts } from '@/lib/assistant/answers/turn-parts';
import { database } from '@/lib/database/client';
import { LOCAL_USER_ID } from '@/lib/database/users';
import { getEngine } from '@/lib/engine/worker/client';
import { ensureBank } from '@/lib/parts/bank';
import { partDetailSchema, type PartDetail, type SampleKind } from '@/lib/parts/contract';
import { blobs } from '@/lib/storage';
import { useDataDirectory } from '../support/data-directory';
import { makeFlange } from '../support/flange';
import { call } from '../support/request';

jest.setTimeout(600_000);
const data = useDataDirectory();
afterAll(() => getEngine().close());
afterEach(() => jest.restoreAllMocks());

async function flange(seed: number, options = {}): Promise<string> {
  const body = await makeFlange(seed, options);
  return imageSchema.parse(await (await call(upload, `/api/images?name=${seed}.png`, { body })).json()).id;
}

/** An image whose file was damaged after it came in. */
async function broken(seed: number): Promise<string> {
  const id = await flange(seed);
  const { sha256 } = await database().image.findUniqueOrThrow({ where: { id } });
  writeFileSync(await blobs().localPath(sha256), 'damaged');
  return id;
}

async function makePart(name: string, goldenIds: string[]): Promise<string> {
  const response = await call(create, '/api/parts', { json: { name, goldenIds } });
  expect(response.status).toBe(201);
  return partDetailSchema.parse(await response.json()).id;
}

const read = async (id: string): Promise<PartDetail> =>
  partDetailSchema.parse(await (await call(show, `/api/parts/${id}`, { params: { id } })).json());

async function add(id: string, imageId: string, kind: SampleKind): Promise<void> {
  const json = { samples: [{ imageId, kind }] };
  expect((await call(addSamples, `/api/parts/${id}/samples`, { json, params: { id } })).status).toBe(201);
}

const ask = (imageId: string, part: string) => call(inspect, '/api/inspect', { json: { imageId, part } });
async function look(imageId: string, part: string): Promise<InspectionPart> {
  return inspectResponseSchema.parse(await (await ask(imageId, part)).json()).inspection;
}

/** Damages the last byte of a part's bank, as it is found after a restart. */
async function damage(id: string): Promise<void> {
  const [name = ''] = readdirSync(join(data.path(), 'parts', id));
  const file = join(data.path(), 'parts', id, name);
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
  writeFileSync(file, bytes);
  await getEngine().close();
}

describe('a bank', () => {
  let good: string[] = [];
  let other = '';
  let id = '';

  beforeAll(async () => {
    good = [await flange(1), await flange(2)];
    other = await flange(7);
    id = await makePart('Flange', good);
    await ensureBank(id);
  });

  test('that is damaged is built again, and holds no inspection up', async () => {
    await damage(id);
    expect((await look(other, 'auto')).basis.kind).toBe('zero-shot');
    expect(readdirSync(join(data.path(), 'parts', id))).toEqual([]);
    await ensureBank(id);
    expect(await look(other, 'auto')).toMatchObject({ part: { id }, basis: { kind: 'part', count: 2 } });
    await damage(id);
    expect((await ask(other, id)).status).toBe(404);
    expect(await look(other, id)).toMatchObject({ part: { id, how: 'chosen' } });
    expect((await read(id)).bank).toBe('ready');
  });

  test('is looked up once for all images of a question', async () => {
    const images = [other, ...good].map((imageId) => ({ id: imageId, name: 'a.png', source: { path: '/a' } }));
    const question = { role: 'user' as const, text: 'Any defects?', images, references: [] };
    const loads = jest.spyOn(getEngine(), 'load');
    const { messages } = await withParts(
      { userId: LOCAL_USER_ID },
      { messages: [question], focus: null, settings: {} },
      [],
      {},
    );
    expect(loads).toHaveBeenCalledTimes(1);
    const [asked] = messages;
    const found =
      asked?.role === 'user' ? asked.images.map(({ parts }) => parts?.candidates.map((each) => each.id)) : [];
    expect(found).toEqual([[id], [id], [id]]);
  });

  test('that is ready gets a new defect’s score, without reading good samples again', async () => {
    const reads = jest.spyOn(getEngine(), 'partAdd');
    await add(id, await flange(9, { defect: true }), 'defect');
    await ensureBank(id);
    const detail = await read(id);
    expect(detail.samples.filter(({ kind }) => kind === 'defect')).toMatchObject([{ score: expect.any(Number) }]);
    expect(detail.outlook.current.misses).not.toBeNull();
    expect(reads).not.toHaveBeenCalled();
  });

  test('scores its samples again when the calibration is another', async () => {
    const { scores } = await getEngine().load();
    const keys = async () => {
      const rows = await database().partSample.findMany({ where: { partId: id }, select: { scoreKey: true } });
      return rows.map(({ scoreKey }) => scoreKey?.split(' ')[1]);
    };
    expect(await keys()).toEqual([scores, scores, scores]);
    const { scoreKey } = await database().partSample.findFirstOrThrow({ where: { partId: id } });
    await database().partSample.updateMany({
      where: { partId: id },
      data: { score: 0.123, scoreKey: scoreKey?.replace(scores, 'another') ?? null },
    });
    await ensureBank(id);
    expect(await keys()).toEqual([scores, scores, scores]);
    expect((await read(id)).samples.map(({ score }) => score)).not.toContain(0.123);
  });

  test('is built of the samples that can be read, once', async () => {
    const unread = [await broken(41), await broken(42)];
    await add(id, unread[0] ?? '', 'golden');
    await add(id, unread[1] ?? '', 'defect');
    await ensureBank(id);
    const detail = await read(id);
    expect(detail).toMatchObject({ golden: 3, defects: 2, bank: 'ready' });
    for (const { imageId, score } of detail.samples) {
      expect([imageId, score === null]).toEqual([imageId, unread.includes(imageId)]);
    }
    const begun = jest.spyOn(getEngine(), 'partBegin');
    const looked = jest.spyOn(getEngine(), 'inspect');
    await ensureBank(id);
    expect(await look(other, id)).toMatchObject({ basis: { kind: 'part', count: 2 } });
    expect([begun.mock.calls.length, looked.mock.calls.length]).toEqual([0, 1]);
  });

  test('of which no sample can be read is tried once, however many wait, and again with another sample', async () => {
    const begun = jest.spyOn(getEngine(), 'partBegin');
    const lost = await makePart('Lost', [await broken(43)]);
    const waited = await Promise.allSettled(Array.from({ length: 5 }, () => ensureBank(lost)));
    expect(waited.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'));
    const response = await ask(other, lost);
    expect([response.status >= 400, response.status < 500]).toEqual([true, true]);
    expect(await response.text()).toContain('None of the good samples of the part “Lost” can be read');
    expect(begun).toHaveBeenCalledTimes(1);
    await add(lost, good[0] ?? '', 'golden');
    await ensureBank(lost);
    expect(await read(lost)).toMatchObject({ bank: 'ready' });
  });

  test('is built for each of more parts than the engine keeps begun builds', async () => {
    const ids = await Promise.all(['A', 'B', 'C', 'D', 'E'].map((name) => makePart(name, [good[0] ?? ''])));
    await Promise.all(ids.map((each) => ensureBank(each)));
    expect(await Promise.all(ids.map(async (each) => (await read(each)).bank))).toEqual(ids.map(() => 'ready'));
  });
});
