import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { closeModels, loadModels, type Models } from '@/lib/engine/worker/models';
import { turnModels } from '@/lib/engine/worker/turn-models';
import type { LookOptions } from '@/lib/turn/perception';

jest.setTimeout(600_000);
let models: Models;
beforeAll(async () => {
  models = await loadModels(join(process.cwd(), 'models/mini'));
});
afterAll(() => closeModels(models));

/** What a look told of, in its order, and its state. */
async function look(source: { path: string } | { bytes: Uint8Array }) {
  const { look: lookAt } = await turnModels(models);
  const told: string[] = [];
  const maps: Uint8Array[] = [];
  const options: LookOptions = {
    signal: new AbortController().signal,
    onProgress: (done) => told.push(`view ${done}`),
    onGlance: (map) => {
      told.push('glance');
      maps.push(map);
    },
  };
  const { state } = await lookAt({ id: 'image', name: 'image', source }, [], options);
  return { told, maps, state };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], fromX: number, y: readonly number[], fromY: number) =>
    x.reduce((sum, value, index) => sum + (value - fromX) * ((y[index] ?? 0) - fromY), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}

const SAMPLE = join(process.cwd(), 'public/samples/cracked-cookie.jpg');

test('the map of the whole image is told before the first tile is looked at, and is like the map of all views', async () => {
  const { told, maps, state } = await look({ path: SAMPLE });
  expect(told.slice(0, 3)).toEqual(['view 1', 'glance', 'view 2']);
  expect(maps).toHaveLength(1);
  const { data, info } = await sharp(maps[0]).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 84, height: 112, channels: 1 });
  const { width, height, values } = state.map;
  const whole = await sharp(
    Uint8Array.from(values, (value) => Math.round(255 * value)),
    {
      raw: { width, height, channels: 1 },
    },
  )
    .resize(info.width, info.height, { fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  expect(correlation([...data], [...whole])).toBeGreaterThan(0.6);
});

test('an image without tiles, or one that was looked at before, has no other look to wait for', async () => {
  const small = await sharp(await readFile(SAMPLE))
    .resize(160)
    .png()
    .toBuffer();
  expect((await look({ bytes: small })).told).toEqual(['view 1']);
  expect((await look({ path: SAMPLE })).told).toEqual([]);
});
