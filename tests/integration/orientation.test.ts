import { createHash } from 'node:crypto';
import { Inspector } from '@/lib/anomaly/inspector';
import { type Reference, nearerShare, turnReferences } from '@/lib/anomaly/orientation';
import type { EncodedImage } from '@/lib/anomaly/view-patches';
import { seededRandom } from '@/lib/common/random';
import type { DecodedImage } from '@/lib/vision/decode';
import { type View, layOut } from '@/lib/vision/layout';
import { openSimilarity } from '../support/open-similarity';

const opened = openSimilarity();

const tiled = { width: 1200, height: 400 };
/** Fewer patches than the encoder gives, so that counting them one by one is quick. */
const shape = () => ({ ...opened.bundle.manifest.vision, levels: 3, grid: 8, patch: 49 });

/** Hidden states of the views: noise around one of two directions. */
function encode(views: readonly View[], seed: number, odd: boolean): EncodedImage {
  const { levels, grid, width } = shape();
  const random = seededRandom(seed);
  const states = Float32Array.from(
    { length: views.length * levels * grid ** 2 * width },
    (_, i) => (i % width < width / 2 === odd ? 1 : 0) + random(),
  );
  return { layout: { ...layOut(tiled, opened.bundle.manifest.vision), views: [...views] }, levels: states };
}

/** References that look like the others when turned, or do not; `asked` lists what was encoded. */
function references(count: number, alike: boolean, asked: string[][] = []): Reference[] {
  const { views } = layOut(tiled, opened.bundle.manifest.vision);
  return Array.from({ length: count }, (_, seed) => ({
    given: encode(views, seed, false),
    encodeTurned: (turned) => {
      asked.push(turned.map(({ view, turn }) => `${view} ${Object.values(turn).map(Number).join('')}`));
      const chosen = turned.flatMap(({ view }) => views[view] ?? []);
      return Promise.resolve(encode(chosen, 100 + 10 * seed + asked.length, !alike));
    },
  }));
}

describe('references in all orientations', () => {
  const settings = () => ({ ...opened.bundle.manifest.calibration.reference, levels: [1, 2] });
  const turn = async (given: Reference[], changes = {}) => {
    const found: EncodedImage[] = [];
    for await (const image of turnReferences(given, opened.similarity, shape(), { ...settings(), ...changes })) {
      found.push(image);
    }
    return found;
  };

  it('count turned where the turned ones are as near as the given', async () => {
    const asked: string[][] = [];
    const turned = await turn(references(2, true, asked));
    const kinds = turned.map(({ layout }) => layout.views.map(({ kind }) => kind));
    expect(kinds.map((views) => views.filter((kind) => kind === 'base').length)).toEqual([8, 8]);
    expect(kinds.map((views) => views.filter((kind) => kind === 'tile').length)).toEqual([6, 6]);
    const { levels, grid, width } = shape();
    turned.forEach((image) => expect(image.levels).toHaveLength(14 * levels * grid ** 2 * width));
    expect(turned.map(({ most }) => most)).toEqual([3136, 3136]);
    // Every orientation of the base view once, and each tile in another one than the tile before.
    expect(new Set(asked.flat().filter((view) => view.startsWith('0 '))).size).toBe(7);
    expect(asked.flat().filter((view) => view.startsWith('0 '))).toHaveLength(14);
    const tiles = asked.flat().filter((view) => !view.startsWith('0 '));
    expect(tiles.map((view) => view[0])).toEqual(['1', '2', '3', '1', '2', '3']);
    expect(new Set(tiles.map((view) => view.slice(2))).size).toBe(6);
  });

  it('count as given where turning makes them strange, at the price of two views each', async () => {
    const asked: string[][] = [];
    const given = references(3, false, asked);
    expect(await turn(given)).toEqual(given.map((reference) => reference.given));
    expect(asked.map((views) => views.length)).toEqual([2, 2, 2]);
  });

  it.each([
    ['one has no others', 1, {}],
    ['there are many', 5, {}],
    ['the bundle does not say when', 2, { turnedShare: undefined }],
  ])('count as given where %s', async (_, count, changes) => {
    const asked: string[][] = [];
    expect(await turn(references(count, true, asked), changes)).toHaveLength(count);
    expect(asked).toEqual([]);
  });

  it('says how often the turned ones are nearer, as counted one by one', async () => {
    const { vision } = opened.bundle.manifest;
    const [base] = layOut(tiled, vision).views;
    const images = [0, 1, 2].map((seed) => encode([base as View], seed, false));
    const turned = [0, 1, 2].map((seed) => encode([base as View, base as View], 50 + seed, seed === 0));
    const share = await nearerShare(images, turned, opened.similarity, shape(), { ...settings(), levels: [2] });
    const { levels, grid, width } = shape();
    const patchesOf = (image: EncodedImage, view: number) =>
      Array.from({ length: grid ** 2 }, (_, patch) => {
        const start = ((view * levels + 2) * grid ** 2 + patch) * width;
        return unit(image.levels.subarray(start, start + width));
      });
    const given = images.map((image) => patchesOf(image, 0));
    const all = given.flat();
    const mean = Float64Array.from({ length: width }, (_, i) => all.reduce((sum, patch) => sum + (patch[i] ?? 0), 0));
    const less = (settings().geometric?.centring ?? NaN) / all.length;
    const centre = (patch: Float64Array) => unit(patch.map((value, i) => value - less * (mean[i] ?? 0)));
    const closest = (patch: Float64Array, others: Float64Array[]) =>
      others.reduce((most, other) => Math.max(most, dot(patch, other)), -1);
    const shares: number[] = [];
    for (const view of [0, 1]) {
      for (const index of [0, 1, 2]) {
        const others = [0, 1, 2].filter((other) => other !== index);
        const asGiven = others.flatMap((other) => given[other] ?? []).map(centre);
        const asTurned = others.flatMap((other) => patchesOf(turned[other] as EncodedImage, view)).map(centre);
        const queries = (given[index] ?? []).map(centre);
        shares.push(
          queries.filter((query) => closest(query, asTurned) > closest(query, asGiven)).length / queries.length,
        );
      }
    }
    expect(share).toBeCloseTo(shares.reduce((sum, value) => sum + value, 0) / shares.length, 2);
  });
});

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    sum += (a[i] ?? 0) * (b[i] ?? 0);
  }
  return sum;
}

function unit(values: Iterable<number>): Float64Array {
  const vector = Float64Array.from(values);
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}

describe('the inspector', () => {
  let inspector: Inspector;
  beforeAll(async () => {
    inspector = await Inspector.open(opened.bundle);
  });
  afterAll(() => inspector.close());

  const side = 300;
  /** A picture of `value` at each point. */
  function picture(name: string, value: (x: number, y: number) => number): DecodedImage {
    const pixels = Uint8Array.from({ length: 3 * side * side }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return Math.max(0, Math.min(255, value(pixel % side, Math.floor(pixel / side))));
    });
    const sha256 = createHash('sha256').update(name).digest('hex');
    return { width: side, height: side, pixels, sha256, mime: 'image/png', notes: [] };
  }

  /** Grains lie any way; planks do not. */
  function grains(seed: number): DecodedImage {
    const random = seededRandom(seed);
    const dots = Array.from({ length: 400 }, () => [random() * side, random() * side, 2 + 5 * random()] as const);
    const field = new Float32Array(side * side).fill(90);
    for (const [cx, cy, radius] of dots) {
      for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(side, cy + radius); y += 1) {
        for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(side, cx + radius); x += 1) {
          if ((x - cx) ** 2 + (y - cy) ** 2 < radius ** 2) {
            field[y * side + x] = 190;
          }
        }
      }
    }
    return picture(`grains ${seed}`, (x, y) => field[y * side + x] ?? 0);
  }
  function planks(seed: number): DecodedImage {
    const random = seededRandom(seed);
    const shift = 40 * random();
    return picture(`planks ${seed}`, (x, y) => {
      const seam = (y + shift) % 60 < 4 ? -70 : 0;
      return 130 + seam + 25 * Math.sin(y / 3 + 0.4 * Math.sin((x + 50 * shift) / 40)) + 10 * (random() - 0.5);
    });
  }

  it.each([
    ['grains', grains, 14],
    ['planks', planks, 4],
  ])('looks at two references of %s in as many orientations as they have', async (_, draw, turned) => {
    const totals: number[] = [];
    const references = [draw(1), draw(2)];
    await inspector.inspect(draw(3), { references, onProgress: (done, total) => totals.push(total - done) });
    // The two as given, the image, and what was turned; all that was expected is done.
    expect(totals).toHaveLength(3 + turned);
    expect(totals.at(-1)).toBe(0);
  });
});
