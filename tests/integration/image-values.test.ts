import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { GET as content } from '@/app/api/images/[id]/content/route';
import { POST as pageRoute } from '@/app/api/images/[id]/pages/route';
import { GET as info, PATCH as change } from '@/app/api/images/[id]/route';
import { GET as valuesRoute } from '@/app/api/images/[id]/values/route';
import { POST as upload } from '@/app/api/images/route';
import { POST as inspect } from '@/app/api/inspect/route';
import { imageSchema, imageValuesSchema, inspectResponseSchema, newId } from '@/lib/contract';
import { getEngine } from '@/lib/engine/worker/client';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';
import { call } from '../support/request';
import { runLooktwice } from '../support/run-looktwice';
import { makeTiff } from '../support/tiff';

useDataDirectory();
afterAll(() => getEngine().close());

const [WIDTH, HEIGHT] = [96, 64];
/** 12 bit values from 200 at the left to 3000 at the right, the same in every row. */
const ramp = (shift = 0) => ({
  width: WIDTH,
  height: HEIGHT,
  values: Array.from(
    { length: WIDTH * HEIGHT },
    (_, i) => 200 + shift + Math.round(((i % WIDTH) / (WIDTH - 1)) * 2800),
  ),
});
const stack = makeTiff([ramp(), ramp(500), ramp(900)], { bits: 16 });

async function store(bytes: Uint8Array, name = 'stack.tif') {
  const response = await call(upload, `/api/images?name=${encodeURIComponent(name)}`, { body: bytes });
  return imageSchema.parse(await response.json());
}
const values = async (id: string) =>
  imageValuesSchema.parse(await (await call(valuesRoute, '/', { params: { id } })).json());
const choose = (id: string, window: unknown) =>
  call(change, '/', { method: 'PATCH', params: { id }, json: { window } });

/** Grey of the pixels in the middle row. */
async function greys(id: string, query = ''): Promise<number[]> {
  const response = await call(content, `/${query}`, { params: { id } });
  const { data, info: size } = await sharp(Buffer.from(await response.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Array.from({ length: size.width }, (_, x) => data[(32 * size.width + x) * size.channels] ?? 0);
}

test('says what a deep stack holds: pages, range, extent and how the values are spread', async () => {
  const { id, pages, window } = await store(stack);
  expect([pages, window]).toEqual([3, null]);
  const found = await values(id);
  expect(found).toMatchObject({ pages: 3, window: null });
  expect(found.values).toMatchObject({ found: { low: 0, high: 4095 }, min: 200, max: 3000, isWhole: true });
  expect(found.values?.note).toMatch(/use 12 bits/);
  expect(found.values?.histogram.reduce((sum, count) => sum + count, 0)).toBe(WIDTH * HEIGHT);
  const plain = await store(await makePng(4), 'plain.png');
  expect(await values(plain.id)).toEqual({ pages: 1, values: null, window: null });
});

test('a window is kept, and shown everywhere until it is taken back', async () => {
  const { id } = await store(stack);
  const before = await greys(id, '?format=png');
  expect([before[0], before.at(-1)]).toEqual([12, 187]);
  expect((await choose(id, { low: 200, high: 3000 })).status).toBe(200);
  const after = await greys(id, '?format=png');
  expect([after[0], after.at(-1)]).toEqual([0, 255]);
  expect(imageSchema.parse(await (await call(info, '/', { params: { id } })).json()).window).toEqual({
    low: 200,
    high: 3000,
  });
  expect((await values(id)).window).toEqual({ low: 200, high: 3000 });
  // The same content again is the same image, with its window.
  expect((await store(stack)).window).toEqual({ low: 200, high: 3000 });
  expect((await choose(id, null)).status).toBe(200);
  expect(await greys(id, '?format=png')).toEqual(before);
});

test('a window that nobody has chosen yet can be looked at, and changes nothing', async () => {
  const { id } = await store(stack);
  const looked = await greys(id, '?low=1600&high=3000');
  expect(looked[0]).toBeLessThan(4);
  expect(looked[WIDTH / 4]).toBeLessThan(8);
  expect(looked.at(-1)).toBeGreaterThan(250);
  expect((await values(id)).window).toBeNull();
});

test('browsers ask whether the picture is still the same, and learn when it is', async () => {
  const { id } = await store(stack);
  const first = await call(content, '/?w=160', { params: { id } });
  const etag = first.headers.get('etag') ?? '';
  const again = () => call(content, '/?w=160', { params: { id }, headers: { 'if-none-match': etag } });
  expect((await again()).status).toBe(304);
  await choose(id, { low: 0, high: 1000 });
  expect((await again()).status).toBe(200);
  await choose(id, null);
});

test.each([
  [{ low: 5, high: 5 }, 400],
  [{ low: 9, high: 5 }, 400],
  [{ low: 'x', high: 5 }, 400],
  [{ low: 0 }, 400],
  [undefined, 400],
])('refuses the window %j', async (window, status) => {
  const { id } = await store(stack);
  expect((await choose(id, window)).status).toBe(status);
  expect((await values(id)).window).toBeNull();
});

test('refuses a window on 8 bits, and images that are not there', async () => {
  const { id } = await store(await makePng(6), 'plain.png');
  const refused = await choose(id, { low: 0, high: 100 });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringMatching(/8 bits a sample/)]);
  expect((await choose(newId(), { low: 0, high: 100 })).status).toBe(404);
  expect((await call(valuesRoute, '/', { params: { id: newId() } })).status).toBe(404);
});

test('a page is an image of its own, the same one every time', async () => {
  const { id } = await store(stack);
  const open = (page: unknown) => call(pageRoute, '/', { params: { id }, json: { page } });
  const third = imageSchema.parse(await (await open(3)).json());
  expect(third).toMatchObject({ pages: 1, name: 'stack page 3.tif', width: WIDTH, height: HEIGHT });
  expect(third.id).not.toBe(id);
  expect((await greys(third.id, '?format=png'))[0]).toBe(Math.round((1100 / 4095) * 255));
  expect(imageSchema.parse(await (await open(3)).json()).id).toBe(third.id);
  expect(imageSchema.parse(await (await open(1)).json()).id).toBe(id);
  const missing = await open(4);
  expect([missing.status, await missing.text()]).toEqual([
    400,
    expect.stringMatching(/no page 4: the file has 3 pages/),
  ]);
  expect((await open(0)).status).toBe(400);
});

test('the model looks through the window, and what it saw by another one is not taken for it', async () => {
  const { id } = await store(stack);
  const look = async () =>
    inspectResponseSchema.parse(await (await call(inspect, '/api/inspect', { json: { imageId: id } })).json());
  const found = await look();
  expect(found.inspection.notes?.join(' ')).toMatch(/from 0 \(black\) to 4,095 \(white\)/);
  await choose(id, { low: 200, high: 1200 });
  const chosen = await look();
  expect(chosen.inspection.notes?.join(' ')).toMatch(/from 200 \(black\) to 1,200 \(white\), as chosen/);
  expect(chosen.inspection.inspectionId).not.toBe(found.inspection.inspectionId);
  expect((await look()).inspection.inspectionId).toBe(chosen.inspection.inspectionId);
  await choose(id, null);
  expect((await look()).inspection.inspectionId).toBe(found.inspection.inspectionId);
});

test('the command line takes a page and a window', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'looktwice-values-'));
  const file = join(folder, 'stack.tif');
  await writeFile(file, stack);
  try {
    const run = await runLooktwice(['inspect', file, '--page', '2', '--values', '700,3500']);
    expect(run.stderr).toBe('');
    const line = JSON.parse(run.stdout) as { range: unknown; notes: string[] };
    expect(line.range).toEqual({ low: 700, high: 3500, rule: 'chosen' });
    expect(line.notes).toEqual([expect.stringMatching(/700 \(black\) to 3,500 \(white\), as chosen/)]);
    const missing = await runLooktwice(['inspect', file, '--page', '4']);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringMatching(/stack\.tif: There is no page 4: the file has 3 pages/),
    ]);
    const wrong = await runLooktwice(['inspect', file, '--values', '9,3']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/the lower first/)]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
