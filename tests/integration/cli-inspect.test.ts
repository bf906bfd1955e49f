import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { decodeRle, rleArea } from '@/lib/segmentation/rle';
import { unusualNames, writeAwkwardImages } from '../support/awkward-images';
import { expectOneLineFailure, runLooktwice } from '../support/run-looktwice';

const images = join(__dirname, '../fixtures/images');
const cookie = join(images, 'cookie-cracked-1.jpg');
const cubes = (name: string) => join(images, `cube-${name}.jpg`);

const lineSchema = z.object({
  image: z.string(),
  width: z.number(),
  height: z.number(),
  score: z.number().min(0).max(1),
  bucket: z.enum(['slightly', 'moderately', 'highly']),
  regions: z.array(
    z.object({
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      areaPx: z.number(),
      score: z.number().min(0).max(1),
      rle: z.object({ size: z.tuple([z.number(), z.number()]), counts: z.array(z.number()) }),
    }),
  ),
  references: z.number(),
  timings: z.record(z.string(), z.number()),
  bundle: z.string(),
});

const readLines = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looktwice-cli-'));
  await writeAwkwardImages(folder);
});

afterAll(() => rm(folder, { recursive: true }));

describe('looktwice inspect', () => {
  it('prints a line per image, with regions that fit the image', async () => {
    const { code, stdout, stderr } = await runLooktwice(['inspect', cookie, cubes('normal-2')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = readLines(stdout);
    expect(lines.map(({ image, width, height }) => [image, width, height])).toEqual([
      [cookie, 315, 420],
      [cubes('normal-2'), 384, 288],
    ]);
    for (const { width, height, regions } of lines) {
      for (const { bbox, areaPx, rle } of regions) {
        const [x, y, w, h] = bbox;
        expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).toBe(true);
        expect(rleArea(rle)).toBe(areaPx);
        expect(decodeRle(rle)).toMatchObject({ width, height });
      }
    }
  });

  it('writes the anomaly map as a grey PNG', async () => {
    const out = join(folder, 'heatmap.png');
    const { code } = await runLooktwice(['inspect', cookie, '--heatmap', out, '--json']);
    expect(code).toBe(0);
    expect(await sharp(await readFile(out)).metadata()).toMatchObject({
      format: 'png',
      width: 315,
      height: 420,
      channels: 1,
    });
  });

  it('compares with normal images', async () => {
    const references = ['--reference', cubes('normal-2')];
    const { code, stdout } = await runLooktwice(['inspect', cubes('abnormal-3'), cubes('normal-2'), ...references]);
    expect(code).toBe(0);
    const [abnormal, same] = readLines(stdout);
    expect(abnormal?.references).toBe(1);
    // The very image that is called normal cannot be more suspicious than another one.
    expect(abnormal?.score).toBeGreaterThan(same?.score ?? 1);
  });

  it.each(unusualNames)('reads %s', async (name) => {
    const { code, stdout, stderr } = await runLooktwice(['inspect', join(folder, name)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [line] = readLines(stdout);
    const size = { 'rotated.jpg': [420, 315], 'animated.gif': [120, 160] }[name] ?? [315, 420];
    expect([line?.width, line?.height]).toEqual(size);
  });

  it('goes on after a bad image, and says so by the exit code', async () => {
    const { code, stdout, stderr } = await runLooktwice(['inspect', join(folder, 'empty.png'), cubes('normal-2')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^looktwice: .*empty\.png: The image file is empty \(0 bytes\)\.\n$/);
    expect(readLines(stdout)).toHaveLength(1);
  });
});

describe('what is wrong is said in one line', () => {
  it.each([
    ['not-an-image.jpg', /not an image that can be read: use JPEG, PNG/],
    ['truncated.jpg', /damaged or cut off/],
    ['empty.png', /0 bytes/],
    ['drawing.svg', /SVG drawings are not read/],
    ['huge.png', /20000 x 20000 px \(400 megapixels\), the limit is 50/],
    ['missing.png', /there is no such file/],
  ])('%s', async (name, message) => {
    const before = await readdir(folder);
    const heatmap = join(folder, 'never.png');
    expectOneLineFailure(await runLooktwice(['inspect', join(folder, name), '--heatmap', heatmap]), 1, message);
    expect(await readdir(folder)).toEqual(before);
  });

  it.each([
    [['inspect'], /missing required argument/],
    [['inspect', cookie, '--sharpen'], /unknown option/],
    [['inspect', cookie, cookie, '--heatmap', 'x.png'], /one image/],
    [['inspect', images, '--heatmap', 'x.png'], /one image/],
    [['inspect', cookie, '--heatmap', '/no/such/folder/x.png'], /does not exist/],
    [['inspect', cookie, '--heatmap', images], /is a folder/],
    [['look', cookie], /unknown command/],
  ])('wrong usage: %p', async (args, message) => {
    const { code, stdout, stderr } = await runLooktwice(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('a bad reference is named', async () => {
    const reference = join(folder, 'truncated.jpg');
    const outcome = await runLooktwice(['inspect', cookie, '--reference', reference]);
    expectOneLineFailure(outcome, 1, /truncated\.jpg: The image is damaged/);
  });
});
