import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Inspector } from '@/lib/anomaly/inspector';
import { type Bundle, openBundle } from '@/lib/engine/bundle';
import { Segmenter } from '@/lib/segmentation/segmenter';
import { decodeImage } from '@/lib/vision/decode';

/**
 * What Python says of the same images: written by
 *   cd models/training && python -m looktwice_train.reference_infer ../../tests/fixtures/parity.json
 * ../../tests/fixtures/images/*.jpg Both resize with libvips (pyvips there, sharp here); JPEG decoders may still differ
 * by a level, which the tolerances allow for.
 */
const fixtureSchema = z.object({
  viewSize: z.number(),
  bundle: z.string(),
  images: z
    .array(
      z.object({
        image: z.string(),
        grid: z.tuple([z.number(), z.number()]),
        score: z.number(),
        significance: z.array(z.number()),
        map7: z.array(z.array(z.number())),
        imageTokenNorms: z.array(z.number()),
        anomalyTokenNorms: z.array(z.number()),
        maskFraction: z.array(z.number()),
        type: z.number(),
      }),
    )
    .length(20),
});

const fixtures = join(__dirname, '../fixtures');
const fixture = fixtureSchema.parse(JSON.parse(readFileSync(join(fixtures, 'parity.json'), 'utf8')));

let bundle: Bundle;
let inspector: Inspector;
let segmenter: Segmenter;

beforeAll(async () => {
  bundle = await openBundle(join(__dirname, '../../models/mini'));
  [inspector, segmenter] = await Promise.all([Inspector.open(bundle), Segmenter.open(bundle)]);
});

afterAll(() => Promise.all([inspector.close(), segmenter.close()]));

/** The largest difference between two lists of equal length. */
function largestDifference(actual: Iterable<number>, expected: readonly number[]): number {
  const values = [...actual];
  expect(values).toHaveLength(expected.length);
  return values.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (expected[i] ?? NaN))), 0);
}

function norms(rows: Float32Array, width: number): number[] {
  return Array.from({ length: rows.length / width }, (_, i) =>
    Math.hypot(...rows.subarray(i * width, (i + 1) * width)),
  );
}

/** The base view's map [P] averaged over 7 x 7 blocks. */
function coarseMap(maps: Float32Array, grid: number): number[] {
  const block = grid / 7;
  return Array.from({ length: 49 }, (_, i) => {
    let sum = 0;
    for (let y = 0; y < block; y += 1) {
      const start = (Math.floor(i / 7) * block + y) * grid + (i % 7) * block;
      sum += maps.subarray(start, start + block).reduce((part, value) => part + value, 0);
    }
    return sum / block ** 2;
  });
}

it('was written for this bundle', () => {
  expect(fixture.bundle).toBe(bundle.manifest.version);
  expect(fixture.viewSize).toBe(bundle.manifest.vision.imageSize);
});

it.each(fixture.images)('$image: Python and TypeScript agree', async (expected) => {
  const { vision, language } = bundle.manifest;
  const state = await inspector.inspect(await decodeImage(await readFile(join(fixtures, 'images', expected.image))));
  expect([Math.max(1, state.layout.columns), Math.max(1, state.layout.rows)]).toEqual(expected.grid);
  expect(Math.abs(state.rawScore - expected.score)).toBeLessThan(0.03);
  expect(largestDifference(state.significance, expected.significance)).toBeLessThan(0.02);
  expect(largestDifference(coarseMap(state.maps, vision.grid), expected.map7.flat())).toBeLessThan(0.05);
  const relative = (actual: number[], wanted: number[]) =>
    largestDifference(
      actual.map((norm, i) => norm / (wanted[i] ?? NaN)),
      wanted.map(() => 1),
    );
  expect(relative(norms(state.imageTokens, language.width), expected.imageTokenNorms)).toBeLessThan(0.05);
  expect(relative(norms(state.anomalyTokens, language.width), expected.anomalyTokenNorms)).toBeLessThan(0.05);

  const { mask, types } = await segmenter.run(state);
  const views = state.layout.views.map((_, view) =>
    mask.values.subarray(view * mask.side ** 2, (view + 1) * mask.side ** 2),
  );
  const fractions = views.map((view) => view.filter((logit) => logit > 0).length / view.length);
  expect(largestDifference(fractions, expected.maskFraction)).toBeLessThan(0.02);
  const type = types[expected.type] ?? -Infinity;
  expect(Math.max(...types) - type).toBeLessThan(0.1);
});
