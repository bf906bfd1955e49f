import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readMaskPicture } from '@/lib/vision/mask-picture';
import { makeTiff, type TiffOptions } from '../../support/tiff';

const [WIDTH, HEIGHT] = [20, 10];
/** 1 in a block of 5 x 4 px, else 0. */
const block = Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
  return x >= 3 && x < 8 && y >= 2 && y < 6 ? 1 : 0;
});
const AREA = 20;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looktwice-masks-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function area(bytes: Uint8Array): Promise<number> {
  const file = join(folder, `${Math.random()}`);
  await writeFile(file, bytes);
  const { data } = await readMaskPicture(file);
  expect(data.every((value, i) => value === 0 || block[i] === 1)).toBe(true);
  return data.reduce((sum, value) => sum + value, 0);
}

const tiff = (value: number, options: TiffOptions) =>
  makeTiff([{ width: WIDTH, height: HEIGHT, values: block.map((marked) => marked * value) }], options);

it.each<[number, TiffOptions]>([
  [1, { bits: 8 }],
  [255, { bits: 8 }],
  // As ImageJ writes binary masks: 0 is shown white, and is nothing all the same.
  [255, { bits: 8, photometric: 0 }],
  [1, { bits: 16 }],
  [65_535, { bits: 16 }],
  [3, { bits: 16, photometric: 0 }],
  [1, { bits: 16, samples: 'int' }],
  [1, { bits: 32 }],
  [70_000, { bits: 32 }],
  [1, { bits: 32, samples: 'float' }],
  [0.5, { bits: 32, samples: 'float' }],
  [1e-4, { bits: 32, samples: 'float' }],
  [255, { bits: 32, samples: 'float', bigTiff: true }],
])('a TIFF mask whose marks are %d (%j)', async (value, options) => {
  expect(await area(tiff(value, options))).toBe(AREA);
});

const coloured = (marked: number[], rest: number[]) =>
  sharp(Buffer.from(block.flatMap((value) => (value === 1 ? marked : rest))), {
    raw: { width: WIDTH, height: HEIGHT, channels: marked.length as 3 | 4 },
  });

it.each([
  ['a palette', () => coloured([128, 0, 0], [0, 0, 0]).png({ palette: true })],
  ['two colours', () => coloured([255, 255, 255], [0, 0, 0]).png({ palette: true, colours: 2 })],
  ['JPEG', () => coloured([255, 255, 255], [0, 0, 0]).jpeg({ quality: 80 })],
  ['GIF', () => coloured([255, 255, 255], [0, 0, 0]).gif()],
  ['opaque', () => coloured([255, 255, 255, 255], [0, 0, 0, 255]).png()],
  ['red on transparent', () => coloured([255, 0, 0, 128], [0, 0, 0, 0]).png()],
  ['white on transparent white', () => coloured([255, 255, 255, 255], [255, 255, 255, 0]).png()],
  ['black on transparent', () => coloured([0, 0, 0, 255], [0, 0, 0, 0]).png()],
])('a mask in %s', async (_, draw) => {
  expect(await area(await draw().toBuffer())).toBe(AREA);
});

test('a JPEG mask that is dark everywhere is refused: its values may be noise or classes', async () => {
  const dark = (value: number) =>
    sharp(
      Uint8Array.from(block, (set, i) => (set === 1 ? value : i % 3)),
      { raw: { width: WIDTH, height: HEIGHT, channels: 1 } },
    );
  const file = join(folder, 'dark.jpg');
  await writeFile(file, await dark(2).jpeg().toBuffer());
  await expect(readMaskPicture(file)).rejects.toThrow(/JPEG.*noise or a class/);
  await writeFile(file, await dark(0).threshold(250).jpeg().toBuffer());
  expect((await readMaskPicture(file)).data).not.toContain(1);
});
