import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { POST as upload } from '@/app/api/images/route';
import { POST as inspect } from '@/app/api/inspect/route';
import { DELETE as undo } from '@/app/api/parts/[id]/corrections/[correctionId]/route';
import { POST as correct } from '@/app/api/parts/[id]/corrections/route';
import { POST as outlook } from '@/app/api/parts/[id]/outlook/route';
import { DELETE as remove, GET as show, PATCH as change } from '@/app/api/parts/[id]/route';
import { DELETE as drop } from '@/app/api/parts/[id]/samples/[imageId]/route';
import { POST as addSamples } from '@/app/api/parts/[id]/samples/route';
import { GET as list, POST as create } from '@/app/api/parts/route';
import { imageSchema, inspectResponseSchema, newId, type InspectionPart } from '@/lib/contract';
import { readPart } from '@/lib/database/parts';
import { getEngine } from '@/lib/engine/worker/client';
import { ensureBank, hasBank } from '@/lib/parts/bank';
import { partDetailSchema, partListSchema, previewSchema, type PartDetail } from '@/lib/parts/contract';
import { useDataDirectory } from '../support/data-directory';
import { makeFlange } from '../support/flange';
import { call } from '../support/request';

jest.setTimeout(600_000);
const data = useDataDirectory();
afterAll(() => getEngine().close());

async function send(body: Uint8Array, name: string): Promise<string> {
  return imageSchema.parse(await (await call(upload, `/api/images?name=${name}`, { body })).json()).id;
}
const flange = async (seed: number, options = {}) => send(await makeFlange(seed, options), `flange-${seed}.png`);

async function look(imageId: string, part: string): Promise<InspectionPart> {
  const response = await call(inspect, '/api/inspect', { json: { imageId, part } });
  expect(response.status).toBe(200);
  return inspectResponseSchema.parse(await response.json()).inspection;
}

async function read(id: string): Promise<PartDetail> {
  return partDetailSchema.parse(await (await call(show, `/api/parts/${id}`, { params: { id } })).json());
}

describe('a part', () => {
  let id = '';
  let good: string[] = [];
  let defective = '';
  let other = '';

  beforeAll(async () => {
    good = [await flange(1), await flange(2), await flange(3), await flange(4)];
    defective = await flange(9, { defect: true });
    other = await send(readFileSync(join(process.cwd(), 'public/samples/cracked-cookie.jpg')), 'cookie.jpg');
    const response = await call(create, '/api/parts', { json: { name: 'Flange', goldenIds: good } });
    expect(response.status).toBe(201);
    id = partDetailSchema.parse(await response.json()).id;
    await ensureBank(id);
  });

  test('keeps its bank on disk, with each good sample’s score beside the others', async () => {
    const detail = await read(id);
    expect(detail).toMatchObject({ name: 'Flange', golden: 4, defects: 0, bank: 'ready', own: true });
    expect(detail.samples.every(({ score }) => score !== null)).toBe(true);
    expect(detail.outlook.current.falseAlarms).toBeGreaterThan(0);
    const [bank, ...more] = readdirSync(join(data.path(), 'parts', id));
    expect(more).toEqual([]);
    expect(statSync(join(data.path(), 'parts', id, bank ?? '')).size).toBeLessThan(64 * 2 ** 20);
    const { parts } = partListSchema.parse(await (await call(list, '/api/parts')).json());
    expect(parts.map(({ name }) => name)).toEqual(['Flange']);
    // As the command line sees it, where no model is loaded: a bank of just these samples, or none.
    const part = await readPart(id);
    expect(part !== null && (await hasBank(part))).toBe(true);
    expect(part !== null && (await hasBank({ ...part, samples: part.samples.slice(1) }))).toBe(false);
  });

  test('is recognised, also turned, and a defective one is told from a good one; something else is compared with nothing', async () => {
    const fine = await look(await flange(7), 'auto');
    expect(fine).toMatchObject({ basis: { kind: 'part', count: 4 }, part: { id, how: 'recognised', samples: 4 } });
    const bad = await look(defective, 'auto');
    expect(bad).toMatchObject({ verdict: 'anomalous', part: { id } });
    expect(bad.score).toBeGreaterThan(fine.score);
    expect((await look(await flange(8, { turn: 0.4 }), 'auto')).part).toMatchObject({ id });
    const cookie = await look(other, 'auto');
    expect(cookie.basis.kind).toBe('zero-shot');
    expect(cookie.part).toBeUndefined();
    expect((await look(defective, 'none')).basis.kind).toBe('zero-shot');
  });

  test('corrections move the threshold, are told beforehand, and can be taken back', async () => {
    const before = await read(id);
    const { verdict, score } = await look(defective, id);
    const asked = { imageId: defective, kind: 'right', verdict, score, defectType: 'scratch' };
    const preview = previewSchema.parse(
      await (await call(outlook, `/api/parts/${id}/outlook`, { json: asked, params: { id } })).json(),
    );
    expect(preview.sampleKind).toBe('defect');
    expect((await read(id)).defects).toBe(0);
    const correction = { id: newId(), ...asked };
    for (const _ of [1, 2]) {
      const response = await call(correct, `/api/parts/${id}/corrections`, { json: correction, params: { id } });
      expect(response.status).toBe(201);
    }
    const after = await read(id);
    expect(after).toMatchObject({ golden: 4, defects: 1 });
    expect(after.corrections).toMatchObject([
      { id: correction.id, kind: 'right', defectType: 'scratch', author: 'You' },
    ]);
    expect(after.threshold).toBeCloseTo(preview.after.threshold ?? NaN, 6);
    await ensureBank(id);
    const params = { id, correctionId: correction.id };
    const undone = await call(undo, `/api/parts/${id}/corrections/${correction.id}`, { method: 'DELETE', params });
    expect(undone.status).toBe(200);
    expect(await read(id)).toMatchObject({ golden: 4, defects: 0, threshold: before.threshold });
    expect((await call(undo, '/', { method: 'DELETE', params })).status).toBe(409);
  });

  test('loses nothing when many correct it at once', async () => {
    const images = await Promise.all([21, 22, 23, 24, 25, 26].map((seed) => flange(seed)));
    const answers = await Promise.all(
      images.map((imageId) =>
        call(correct, `/api/parts/${id}/corrections`, {
          json: { id: newId(), imageId, kind: 'fine', verdict: 'anomalous' },
          params: { id },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(images.map(() => 201));
    await ensureBank(id);
    const detail = await read(id);
    expect(detail).toMatchObject({ golden: 10, bank: 'ready' });
    expect(detail.samples.every(({ score }) => score !== null)).toBe(true);
    expect(await look(await flange(31), id)).toMatchObject({ basis: { kind: 'part', count: 10 } });
  });

  test('refuses a change that did not see the latest one, a name that is taken, and an image that is nobody’s', async () => {
    const { version } = await read(id);
    const edit = (json: object) => call(change, `/api/parts/${id}`, { method: 'PATCH', json, params: { id } });
    expect((await edit({ version, threshold: 0.9, notes: 'Rim only' })).status).toBe(200);
    expect((await edit({ version, threshold: 0.1 })).status).toBe(409);
    expect(await read(id)).toMatchObject({ threshold: 0.9, thresholdSet: true, notes: 'Rim only' });
    expect((await call(create, '/api/parts', { json: { name: 'Flange' } })).status).toBe(409);
    const samples = { samples: [{ imageId: newId(), kind: 'golden' }] };
    expect((await call(addSamples, `/api/parts/${id}/samples`, { json: samples, params: { id } })).status).toBe(404);
  });

  test('gives samples back, and goes with its bank', async () => {
    const params = { id, imageId: good[0] ?? '' };
    expect((await call(drop, '/', { method: 'DELETE', params })).status).toBe(200);
    await ensureBank(id);
    expect(await read(id)).toMatchObject({ golden: 9, bank: 'ready' });
    expect((await call(remove, `/api/parts/${id}`, { method: 'DELETE', params: { id } })).status).toBe(204);
    expect((await call(show, `/api/parts/${id}`, { params: { id } })).status).toBe(404);
    expect(readdirSync(join(data.path(), 'parts'))).toEqual([]);
  });
});
