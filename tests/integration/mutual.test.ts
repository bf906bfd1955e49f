import { MUTUAL } from '@/lib/anomaly/mutual';
import { MAX_SET_BANK, SetBank } from '@/lib/anomaly/set-bank';
import { memberOf } from '@/lib/anomaly/set-member';
import type { EncodedImage } from '@/lib/anomaly/view-patches';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import type { Size } from '@/lib/vision/layout';
import { openSimilarity } from '../support/open-similarity';
import { wavyImage } from '../support/wavy-image';

type Hashed = EncodedImage & { sha256: string };

const opened = openSimilarity();
const small = { width: 392, height: 392 };
const tiled = { width: 1200, height: 400 };

/** An image of its own for each seed. */
function hashed(size: Size, seed: number, defect = false): Hashed {
  return { ...wavyImage(opened.bundle.manifest.vision, size, seed, defect), sha256: `${size.width} ${seed}` };
}

function emptyBank(changes: Partial<ReferenceManifest> = {}) {
  const { vision, calibration } = opened.bundle.manifest;
  const settings = { ...calibration.reference, ...changes };
  const bank = new SetBank(opened.similarity, vision, settings);
  return { bank, add: (image: Hashed) => bank.add(memberOf(image, vision)) };
}

async function bankOf(images: readonly Hashed[], changes: Partial<ReferenceManifest> = {}): Promise<SetBank> {
  const { bank, add } = emptyBank(changes);
  images.forEach(add);
  for (const image of images) {
    bank.take(await bank.measure(image));
  }
  return bank;
}

describe('mutual scoring', () => {
  it.each([
    ['small images', small, {}],
    ['images with tiles', tiled, {}],
    ['a bundle that knows no other distances', small, { geometric: undefined }],
  ])('finds the odd one out in a set without labels: %s', async (_, size, changes) => {
    const images = Array.from({ length: 5 }, (__, seed) => hashed(size, seed, seed === 3));
    const bank = await bankOf(images, changes);
    const found = await Promise.all(images.map((image) => bank.compare(image)));
    const scores = found.map(({ score }) => score);
    expect(scores.indexOf(Math.max(...scores))).toBe(3);
    const { deviations, references } = found[3] ?? { deviations: new Float32Array(0), references: 0 };
    expect(deviations[0]).toBeGreaterThan((deviations[14 * 28 + 14] ?? Infinity) + 1);
    expect(references).toBe(5);
  });

  it('compares an image that is no member', async () => {
    const bank = await bankOf([0, 1, 2, 3].map((seed) => hashed(small, seed)));
    const normal = await bank.compare(hashed(small, 50));
    const defective = await bank.compare(hashed(small, 51, true));
    expect(defective.score).toBeGreaterThan(normal.score + 1);
  });

  it('counts less what a whole image is more distant by than what few of its patches are', async () => {
    const { bank, add } = emptyBank();
    const images = [0, 1, 2].map((seed) => hashed(small, seed));
    images.forEach(add);
    const extent = { columns: 28, rows: 28 };
    const further = [(): number => 0, (): number => 0.1, (patch: number): number => (patch < 8 ? 0.1 : 0)];
    images.forEach(({ sha256 }, at) => {
      const distances = Float32Array.from(
        { length: 784 },
        (_, patch) => 0.2 - patch / 1e4 + (further[at]?.(patch) ?? 0),
      );
      bank.take({ sha256, views: [{ kind: 'base', extent, distances }] });
    });
    const scores = await Promise.all(images.map(async (image) => (await bank.compare(image)).score));
    const [none = NaN, whole = NaN, few = NaN] = scores;
    const share = (MUTUAL.meanShare * 8) / 784;
    expect((whole - none) / (few - none)).toBeCloseTo((1 - MUTUAL.meanShare) / (1 - share), 3);
  });

  it('leaves an image itself out, under whichever bank it was measured', async () => {
    const images = [0, 1, 2].map((seed) => hashed(small, seed, seed === 1));
    const [bank, other] = [await bankOf(images), emptyBank()];
    images.forEach(other.add);
    for (const image of images) {
      other.bank.take(await bank.measure(image));
    }
    const [odd] = images.slice(1);
    const twice = { ...(odd as Hashed), sha256: 'the same picture under another name' };
    const [own, known, beside] = [
      await bank.compare(odd as Hashed),
      await other.bank.compare(odd as Hashed),
      await bank.compare(twice),
    ];
    expect(known).toEqual(own);
    expect(own.score).toBeGreaterThan(beside.score + 1);
  });

  it('says nothing about tiles where fewer than two members have some', async () => {
    const bank = await bankOf([hashed(small, 0), hashed(small, 1), hashed(tiled, 2)]);
    const { deviations, score } = await bank.compare(hashed(tiled, 3));
    expect(deviations.subarray(0, 784).every(Number.isFinite)).toBe(true);
    expect(deviations.subarray(784).every((value) => value === -Infinity)).toBe(true);
    expect(Number.isFinite(score)).toBe(true);
  });

  it('refuses too few and too many members, and comparing before all are measured', async () => {
    const { bank, add } = emptyBank();
    const invalid = { code: 'invalid_request' };
    add(hashed(small, 0));
    await expect(bank.measure(hashed(small, 0))).rejects.toMatchObject(invalid);
    await expect(bank.compare(hashed(small, 0))).rejects.toThrow('give at least two');
    add(hashed(small, 1));
    add(hashed(small, 1));
    expect(bank.size).toBe(2);
    bank.take(await bank.measure(hashed(small, 0)));
    expect(bank.isReady).toBe(false);
    await expect(bank.compare(hashed(small, 5))).rejects.toThrow('not all measured');
    expect(() => add(hashed(small, 2))).toThrow('begin again');

    const full = emptyBank();
    const member = memberOf(hashed(small, 0), opened.bundle.manifest.vision);
    for (let index = 0; index < MAX_SET_BANK; index += 1) {
      full.bank.add({ ...member, sha256: String(index) });
    }
    expect(() => full.bank.add({ ...member, sha256: 'one more' })).toThrow(`at most ${MAX_SET_BANK}`);
  });

  it('stops when it is cancelled', async () => {
    const { bank, add } = emptyBank();
    [0, 1].forEach((seed) => add(hashed(small, seed)));
    await expect(bank.measure(hashed(small, 0), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});
