import { ReferenceBank } from '@/lib/anomaly/reference-bank';
import type { EncodedImage } from '@/lib/anomaly/view-patches';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import type { Size } from '@/lib/vision/layout';
import { openSimilarity } from '../support/open-similarity';
import { wavyImage } from '../support/wavy-image';

const opened = openSimilarity();

const encode = (size: Size, seed: number, defect: boolean) =>
  wavyImage(opened.bundle.manifest.vision, size, seed, defect);
const small = { width: 392, height: 392 };
const tiled = { width: 1200, height: 400 };

describe('reference mode', () => {
  it.each([
    ['one reference', small, 1],
    ['four references', small, 4],
    ['tiled references', tiled, 2],
  ])('finds what normal images do not have, with %s', async (_, size, count) => {
    const { vision, calibration } = opened.bundle.manifest;
    const references = Array.from({ length: count }, (__, seed) => encode(size, seed, false));
    const bank = await ReferenceBank.build(references, opened.similarity, vision, calibration.reference);
    expect(bank.size).toBe(count);
    const normal = await bank.compare(encode(size, 50, false));
    const defective = await bank.compare(encode(size, 51, true));
    expect(defective.score).toBeGreaterThan(normal.score + 1);

    const corner = defective.deviations[0] ?? NaN;
    const middle = defective.deviations[14 * vision.grid + 14] ?? NaN;
    expect(corner).toBeGreaterThan(middle + 1);
  });

  it('lets the base view and the tiles decide in equal parts', async () => {
    const { vision, calibration } = opened.bundle.manifest;
    const references = [encode(tiled, 0, false), encode(tiled, 1, false)];
    const bank = await ReferenceBank.build(references, opened.similarity, vision, calibration.reference);
    const [normal, defective] = [encode(tiled, 50, false), encode(tiled, 50, true)];
    const baseLength = vision.levels * vision.grid ** 2 * vision.width;
    const mixed = (base: EncodedImage, tiles: EncodedImage): EncodedImage => {
      const levels = tiles.levels.slice();
      levels.set(base.levels.subarray(0, baseLength));
      return { layout: tiles.layout, levels };
    };
    const [neither, inBase, inTiles, both] = await Promise.all(
      [normal, mixed(defective, normal), mixed(normal, defective), defective].map(
        async (image) => (await bank.compare(image)).score,
      ),
    );
    expect(inBase).toBeGreaterThan((neither ?? NaN) + 1);
    expect(inTiles).toBeGreaterThan((neither ?? NaN) + 1);
    expect((both ?? NaN) - (neither ?? NaN)).toBeCloseTo((inBase ?? NaN) + (inTiles ?? NaN) - 2 * (neither ?? NaN), 3);
  });

  it('lets nothing weigh that lies outside of a part’s area', async () => {
    const { vision, calibration } = opened.bundle.manifest;
    // A patch is compared with its own view too where that is on, and so with what does not count.
    const settings = { ...calibration.reference, geometric: undefined, meanShare: 0.5 };
    const bank = await ReferenceBank.build(
      [encode(small, 0, false), encode(small, 1, false)],
      opened.similarity,
      vision,
      settings,
    );
    const corner = [0, 0, 0.5, 0.5] as const;
    const area = { inside: null, ignore: [corner] };
    const [normal, defective] = [encode(small, 50, false), encode(small, 50, true)];
    const [shown, hidden] = [await bank.compare(defective), await bank.compare(defective, undefined, area)];
    expect(shown.score).toBeGreaterThan(hidden.score + 1);
    expect(hidden).toEqual(await bank.compare(normal, undefined, area));
    const nothing = await bank.compare(normal, undefined, { inside: null, ignore: [[0, 0, 1, 1]] });
    expect([nothing.typical, nothing.deviations.every((value) => value === -Infinity)]).toEqual([undefined, true]);
  });

  it('counts less what references do not have in common', async () => {
    const { vision, calibration } = opened.bundle.manifest;
    // One of the references has the bend in its corner too: an image with it is less of a surprise. The nearest
    // reference patch alone counts here.
    const references = [encode(small, 0, false), encode(small, 1, false), encode(small, 2, true)];
    const lenient = { ...calibration.reference, geometric: undefined };
    const strict = { ...lenient, discount: 0 };
    const probe = encode(small, 60, true);
    const deviation = async (settings: ReferenceManifest) => {
      const built = await ReferenceBank.build(references, opened.similarity, vision, { ...settings, priorCount: 1e6 });
      return (await built.compare(probe)).deviations[0] ?? NaN;
    };
    expect(await deviation(lenient)).toBeLessThan((await deviation(strict)) - 0.1);
  });

  it('says nothing about padding, nor about tiles that no reference has', async () => {
    const { vision, calibration } = opened.bundle.manifest;
    const bank = await ReferenceBank.build([encode(small, 0, false)], opened.similarity, vision, calibration.reference);
    const { deviations, score } = await bank.compare(encode(tiled, 1, false));
    const patches = vision.grid ** 2;
    expect(deviations.subarray(0, patches).every(Number.isFinite)).toBe(true);
    expect(deviations.subarray(patches).every((value) => value === -Infinity)).toBe(true);
    expect(Number.isFinite(score)).toBe(true);
  });

  it('stops when it is cancelled', async () => {
    const { vision, calibration } = opened.bundle.manifest;
    const images = [encode(small, 0, false), encode(small, 1, false)];
    const built = ReferenceBank.build(images, opened.similarity, vision, calibration.reference, AbortSignal.abort());
    await expect(built).rejects.toMatchObject({ code: 'cancelled' });
  });
});
