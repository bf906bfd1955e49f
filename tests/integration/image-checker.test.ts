import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { DEFAULT_LIMITS, ImageChecker } from '@/lib/vision/checker/client';
import { makePng } from '../support/images';

let directory: string;
const checkers: ImageChecker[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'looktwice-check-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
afterEach(() => checkers.splice(0).forEach((checker) => checker.close()));

function makeChecker(limits: Partial<typeof DEFAULT_LIMITS> = {}, file?: string): ImageChecker {
  const checker = new ImageChecker({ ...DEFAULT_LIMITS, ...limits }, file);
  checkers.push(checker);
  return checker;
}

async function store(name: string, bytes: Uint8Array | string): Promise<string> {
  await writeFile(join(directory, name), bytes);
  return join(directory, name);
}

test('decodes in one process of its own, image after image', async () => {
  const checker = makeChecker();
  const path = await store('good', await makePng());
  const all = await Promise.all([1, 2, 3].map(() => checker.check(path)));
  expect(all).toEqual(Array(3).fill({ width: 320, height: 240, mime: 'image/png', notes: [], orientation: 1 }));
  expect(checker.pid).toBeDefined();
  expect(checker.pid).not.toBe(process.pid);
});

test('tells what is wrong with an image in the decoder’s own words, and goes on', async () => {
  const checker = makeChecker();
  await expect(checker.check(await store('text', 'hello'))).rejects.toMatchObject({ code: 'unsupported_image' });
  await expect(checker.check(join(directory, 'absent'))).rejects.toMatchObject({ code: 'not_found' });
  const png = await makePng();
  await expect(checker.check(await store('cut', png.subarray(0, 200)))).rejects.toMatchObject({
    code: 'unreadable_image',
  });
  await expect(checker.check(await store('good', png))).resolves.toMatchObject({ width: 320 });
});

test('reads a mask to the pixel, of any size and depth, a bitmap too, and refuses what is no mask', async () => {
  const checker = makeChecker();
  for (const [width, height] of [
    [1, 1],
    [7, 3],
    [64, 48],
  ] as const) {
    const data = Uint8Array.from({ length: width * height }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const raw = { width, height, channels: 1 } as const;
    const bright = await sharp(
      data.map((value) => value * 255),
      { raw },
    )
      .png()
      .toBuffer();
    // A class number, as VisA's masks have.
    const classes = await sharp(
      data.map((value) => value * 3),
      { raw },
    )
      .png()
      .toBuffer();
    for (const [name, bytes] of [
      ['bright', bright],
      ['classes', classes],
    ] as const) {
      expect(await checker.readMask(await store(name, bytes))).toEqual({ width, height, data });
    }
  }
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
  await expect(checker.readMask(await store('svg', svg))).rejects.toMatchObject({ code: 'unsupported_image' });
  await expect(checker.readMask(join(directory, 'absent'))).rejects.toMatchObject({ code: 'not_found' });
});

test.each([
  ['image', `{ width: -1, height: 1, mime: 'image/png' }`],
  ['image', `{ width: 1, height: 1, mime: 'text/html' }`],
  ['mask', `{ width: 100, height: 100, bits: 'AAAA' }`],
  ['mask', `{ width: 1e9, height: 1e9, bits: '' }`],
])('an answer that makes no sense (%s, %s) refuses the file', async (kind, answer) => {
  const script = `process.on('message', ({ id }) => process.send({ id, ok: true, ...${answer} }));`;
  const checker = makeChecker({}, await store('lies.mjs', script));
  const asked = kind === 'image' ? checker.check('x') : checker.readMask('x');
  await expect(asked).rejects.toMatchObject({ code: 'unreadable_image', message: expect.stringContaining('confuses') });
});

test('an image that needs more memory than allowed is refused, and the next one is decoded', async () => {
  const checker = makeChecker({ memoryBytes: 250e6 });
  const create = { width: 7000, height: 7000, channels: 4, background: '#88888880' } as const;
  const large = await store(
    'large',
    await sharp({ create }).png({ compressionLevel: 1, progressive: true }).toBuffer(),
  );
  await expect(checker.check(large)).rejects.toThrow('needs too much memory');
  const small = await store('small', await makePng());
  await expect(checker.check(small)).resolves.toMatchObject({ width: 320 });
  await expect(makeChecker().check(large)).resolves.toMatchObject({ width: 7000 });
});

test('a decoder that hangs is ended, and what waited behind it is decoded', async () => {
  const script = `process.on('message', ({ id, path }) => { if (path !== 'hang') process.send({ id, ok: true, width: 1, height: 1, mime: 'image/png', notes: [], orientation: 1 }); });`;
  const checker = makeChecker({ timeMs: 8_000 }, await store('hangs.mjs', script));
  const [hung, next] = await Promise.allSettled([checker.check('hang'), checker.check('other')]);
  expect(hung).toMatchObject({ status: 'rejected', reason: { code: 'unreadable_image' } });
  expect(next).toMatchObject({ status: 'fulfilled' });
});

test('a decoder that crashes takes only its own image with it', async () => {
  const script = `process.on('message', ({ id, path }) => { if (path === 'crash') process.kill(process.pid, 'SIGSEGV'); else process.send({ id, ok: true, width: 1, height: 1, mime: 'image/png', notes: [], orientation: 1 }); });`;
  const checker = makeChecker({}, await store('crashes.mjs', script));
  for (let round = 0; round < 3; round += 1) {
    await expect(checker.check('crash')).rejects.toThrow('stops the decoder');
    await expect(checker.check('other')).resolves.toMatchObject({ width: 1 });
  }
});

test('an image is decoded after all when something else ended the process in the middle of it', async () => {
  const marker = join(directory, 'was-ended');
  const script = `import { existsSync, writeFileSync } from 'node:fs';
process.on('message', ({ id }) => {
  if (!existsSync(${JSON.stringify(marker)})) {
    writeFileSync(${JSON.stringify(marker)}, '');
    process.kill(process.pid, 'SIGKILL');
  }
  process.send({ id, ok: true, width: 1, height: 1, mime: 'image/png', notes: [], orientation: 1 });
});`;
  const checker = makeChecker({}, await store('ended-once.mjs', script));
  await expect(checker.check('innocent')).resolves.toMatchObject({ width: 1 });
});

test('the decoder’s process knows nothing of the server’s environment', async () => {
  process.env.LOOKTWICE_TEST_SECRET = 'a secret';
  const script = `process.on('message', ({ id }) => process.send({ id, ok: false, code: 'internal', message: JSON.stringify(process.env) }));`;
  try {
    const told = await makeChecker({}, await store('tells.mjs', script))
      .check('x')
      .catch((error: Error) => error.message);
    expect(told).not.toContain('a secret');
  } finally {
    delete process.env.LOOKTWICE_TEST_SECRET;
  }
});
