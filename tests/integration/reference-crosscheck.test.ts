import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_BANK_PATCHES } from '@/lib/anomaly/bank-rows';
import { patchExtents } from '@/lib/anomaly/patches';
import { ReferenceBank } from '@/lib/anomaly/reference-bank';
import type { EncodedImage } from '@/lib/anomaly/view-patches';
import { seededRandom } from '@/lib/common/random';
import { layOut } from '@/lib/vision/layout';
import { preparePython, runReference } from '../crosscheck/prepare';
import { openSimilarity } from '../support/open-similarity';

const opened = openSimilarity();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looktwice-references-'));
});

afterAll(() => rm(folder, { recursive: true }));

/**
 * Hidden states that share a few directions, some of them varying more than others, with noise of their own; of all
 * views and `turned` further ones of the base view.
 */
function encode(size: { width: number; height: number }, seed: number, turned = 0): EncodedImage {
  const { vision } = opened.bundle.manifest;
  const given = layOut(size, vision);
  const layout = {
    ...given,
    views: [...given.views, ...Array.from({ length: turned }, () => given.views.slice(0, 1)).flat()],
  };
  const levels = new Float32Array(layout.views.length * vision.levels * vision.grid ** 2 * vision.width);
  const noise = seededRandom(seed);
  const shared = seededRandom(7);
  const directions = Array.from({ length: 6 }, () => Float32Array.from({ length: vision.width }, () => shared() - 0.5));
  for (let start = 0; start < levels.length; start += vision.width) {
    const weights = directions.map((_, i) => (i === 0 ? 2 : (noise() - 0.5) * (4 / i)));
    for (let channel = 0; channel < vision.width; channel += 1) {
      const common = directions.reduce((sum, values, i) => sum + (weights[i] ?? 0) * (values[channel] ?? 0), 0);
      levels[start + channel] = common + 0.2 * (noise() - 0.5);
    }
  }
  return { layout, levels };
}

it.each([
  ['base views alone', { width: 392, height: 392 }, 4, 0],
  ['tiles with padding, more than are kept', { width: 1200, height: 390 }, 4, 0],
  ['more references than are left out one by one', { width: 300, height: 392 }, 6, 0],
  ['references that count turned too', { width: 1200, height: 390 }, 2, 5],
])(
  'distances to references are those of NumPy, with %s',
  async (name, size, count, turned) => {
    const { vision, calibration } = opened.bundle.manifest;
    const settings = {
      ...calibration.reference,
      levels: [1, 3],
      topFraction: { base: 0.02, tile: 0.005 },
      meanShare: 0.3,
    };
    const images = Array.from({ length: count + 1 }, (_, seed) => encode(size, 100 + seed, seed < count ? turned : 0));
    // As many as a reference that counts turned keeps; where it does not, all.
    const most = turned > 0 ? Math.floor(MAX_BANK_PATCHES / count) : undefined;
    const references = images.slice(0, count).map((encoded) => ({ ...encoded, ...(most !== undefined && { most }) }));
    const bank = await ReferenceBank.build(references, opened.similarity, vision, settings);
    const image = images.at(-1) as EncodedImage;
    const found = await bank.compare(image);

    const extents = patchExtents(image.layout, vision);
    const viewsOf = ({ layout }: EncodedImage) =>
      patchExtents(layout, vision).map((extent, i) => ({ kind: layout.views[i]?.kind, ...extent }));
    const files = images.map((_, index) => `${name.replaceAll(' ', '-')}-${index}.f32`);
    await Promise.all(images.map(({ levels }, index) => writeFile(join(folder, files[index] ?? ''), levels)));
    const { grid, width } = vision;
    const request = {
      folder,
      settings,
      grid,
      width,
      most,
      images: images.map((encoded, index) => ({ file: files[index], views: viewsOf(encoded) })),
    };
    const expected = (await runReference(await preparePython(), 'reference_mode.py', request)) as {
      score: number;
      deviations: number[][];
    };

    expect(found.score).toBeCloseTo(expected.score, 3);
    let compared = 0;
    let largest = 0;
    for (const [view, { columns = 0, rows = 0 }] of extents.entries()) {
      for (let i = 0; i < columns * rows; i += 1) {
        const at = view * grid ** 2 + Math.floor(i / columns) * grid + (i % columns);
        largest = Math.max(largest, Math.abs((found.deviations[at] ?? NaN) - (expected.deviations[view]?.[i] ?? NaN)));
        compared += 1;
      }
    }
    expect(compared).toBe(expected.deviations.flat().length);
    expect(largest).toBeLessThan(5e-3);
  },
  600_000,
);
