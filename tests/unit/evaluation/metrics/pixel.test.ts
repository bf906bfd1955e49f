import fc from 'fast-check';
import { PixelCounter } from '@/lib/evaluation/metrics/pixel-counter';
import { pimoArea, sharedFprCurve } from '@/lib/evaluation/metrics/pimo';
import { auroc, averagePrecision, f1Max } from '@/lib/evaluation/metrics/ranking';
import { binThreshold, SCORE_BINS, scoreBin } from '@/lib/evaluation/metrics/score-bins';
import { countByThreshold } from '@/lib/evaluation/metrics/threshold-counts';
import { seededRandom } from '@/lib/common/random';
import { type Mask } from '@/lib/segmentation/mask';

describe('score bins', () => {
  const unit = fc.oneof(
    fc.float({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1e-6, noNaN: true }),
    fc.double({ min: 0.4999, max: 0.5001, noNaN: true }),
    fc.double({ min: 0.999999, max: 1, noNaN: true }),
  );

  it('never puts a higher score into a lower bin', () => {
    fc.assert(
      fc.property(unit, unit, (a, b) => {
        expect(Math.sign(scoreBin(b) - scoreBin(a)) * Math.sign(b - a)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps scores apart that differ by one part in 2^14, at both ends', () => {
    for (const base of [1e-7, 0.003, 0.2, 0.499]) {
      expect(scoreBin(base * (1 + 2 ** -14))).toBeGreaterThan(scoreBin(base));
      expect(scoreBin(1 - base * (1 + 2 ** -14))).toBeLessThan(scoreBin(1 - base));
    }
  });

  it('names a threshold that falls into its own bin or its lower edge', () => {
    fc.assert(
      fc.property(unit, (score) => {
        const threshold = binThreshold(scoreBin(score));
        // Bins follow float32: the distance to the nearer end is rounded to 24 bits first.
        expect(threshold).toBeLessThanOrEqual(score + Math.min(score, 1 - score) * 2 ** -23 + Number.EPSILON);
        expect(Math.abs(threshold - score)).toBeLessThanOrEqual(Math.min(score, 1 - score) * 2 ** -13 + 1e-12);
      }),
    );
    expect(scoreBin(0)).toBe(0);
    expect(scoreBin(-0)).toBe(0);
    expect(scoreBin(1)).toBe(SCORE_BINS - 1);
  });

  it('refuses what is not a probability', () => {
    expect(() => scoreBin(1.2)).toThrow('0..1');
    expect(() => scoreBin(Number.NaN)).toThrow('0..1');
  });
});

const maskOf = (data: ArrayLike<number>, width: number): Mask => ({
  width,
  height: data.length / width,
  data: Uint8Array.from(data),
});

/**
 * A map crowded at both ends, as a softmax at temperature 100 makes them, a mask of blobs, and some overlap of the two.
 */
function scene(seed: number, side: number): { map: Float32Array; mask: Uint8Array } {
  const random = seededRandom(seed);
  const mask = new Uint8Array(side * side);
  for (let blob = 0; blob < 4; blob += 1) {
    const [cx, cy, r] = [random() * side, random() * side, 1 + random() * (side / 8)];
    for (let p = 0; p < mask.length; p += 1) {
      if (((p % side) - cx) ** 2 + (Math.floor(p / side) - cy) ** 2 <= r * r) {
        mask[p] = 1;
      }
    }
  }
  const map = Float32Array.from(mask, (inside) => 1 / (1 + Math.exp(-(12 * (random() - 0.5) * 2 + (inside ? 5 : -5)))));
  return { map, mask };
}

describe('PixelCounter', () => {
  it('gives the exact metrics to 1e-6, and a bound that holds', () => {
    const counter = new PixelCounter();
    const scores: number[] = [];
    const labels: number[] = [];
    for (let image = 0; image < 6; image += 1) {
      const { map, mask } = scene(image, 96);
      counter.add(map, maskOf(mask, 96));
      scores.push(...map);
      labels.push(...mask);
    }
    const exact = countByThreshold(scores, labels);
    const counted = counter.metrics();
    expect(Math.abs((counted.auroc ?? 0) - (auroc(exact) ?? 1))).toBeLessThan(1e-6);
    expect(Math.abs((counted.auroc ?? 0) - (auroc(exact) ?? 1))).toBeLessThanOrEqual(counted.aurocErrorBound + 1e-12);
    expect(Math.abs((counted.averagePrecision ?? 0) - (averagePrecision(exact) ?? 1))).toBeLessThan(1e-6);
    expect(Math.abs((counted.f1Max ?? 0) - (f1Max(exact)?.value ?? 1))).toBeLessThan(1e-6);
    expect(counted.pixels).toBe(6 * 96 * 96);
  });

  it('scores a perfect map 1 and an inverted one 0', () => {
    const mask = [0, 0, 0, 0, 1, 1, 0, 0, 0];
    const perfect = new PixelCounter();
    perfect.add(
      mask.map((inside) => 0.1 + 0.8 * inside),
      maskOf(mask, 3),
    );
    expect(perfect.metrics()).toMatchObject({ auroc: 1, averagePrecision: 1, f1Max: 1, pro: 1, regions: 1 });
    const inverted = new PixelCounter();
    inverted.add(
      mask.map((inside) => 0.9 - 0.8 * inside),
      maskOf(mask, 3),
    );
    expect(inverted.metrics()).toMatchObject({ auroc: 0, pro: 0 });
  });

  it('gives PRO by hand on two regions of unequal size', () => {
    // Region A (1 px, score .9) is found first, then 1 of 4 normal pixels (.8), then region B (3 px, .7), then the
    // rest.
    const counter = new PixelCounter();
    counter.add([0.9, 0.8, 0.1, 0.7, 0.2, 0.1, 0.7, 0.7], maskOf([1, 0, 0, 1, 0, 0, 1, 1], 4));
    // The regions are {0} and {3, 6, 7}: with a width of 4 pixel 3 touches 6 and 7.
    // Curve: (0,0.5) -> (0.25,0.5) -> (0.25,1) -> flat to 0.3. Area = 0.25*0.5 + 0.05*1.
    expect(counter.metrics().regions).toBe(2);
    expect(counter.metrics().pro).toBeCloseTo((0.25 * 0.5 + 0.05) / 0.3, 12);
  });

  it('leaves what is undefined undefined', () => {
    const counter = new PixelCounter();
    counter.add([0.2, 0.3], maskOf([0, 0], 2));
    expect(counter.metrics()).toMatchObject({
      auroc: null,
      averagePrecision: null,
      f1Max: null,
      pro: null,
      regions: 0,
    });
    expect(() => counter.add([0.2], maskOf([0, 1], 1))).toThrow('must be equal');
  });
});

describe('AUPIMO', () => {
  const bounds = { lower: 1e-3, upper: 1e-1 };

  it('gives 1 to an image whose defect outscores all normal pixels, 0 to one below them', async () => {
    const normal = [0, 1, 2].map((seed) => Float32Array.from({ length: 1000 }, seededRandom(seed)).map((x) => x / 2));
    const shared = await sharedFprCurve(normal, 3, bounds.upper);
    expect(shared && pimoArea(shared, [0.9, 0.95, 0.1], [1, 1, 0], bounds)).toBeCloseTo(1, 12);
    expect(shared && pimoArea(shared, [0.01, 0.02, 0.9], [1, 1, 0], bounds)).toBe(0);
    expect(shared && pimoArea(shared, [0.01, 0.02], [0, 0], bounds)).toBeNull();
  });

  it('agrees with integrating the sorted pool by hand', async () => {
    const normal = [3, 4].map((seed) => Float32Array.from({ length: 500 }, seededRandom(seed)));
    const pool = normal.flatMap((map) => [...map]).sort((a, b) => b - a);
    const map = Float32Array.from({ length: 200 }, seededRandom(9)).map((x) => Math.sqrt(x));
    const mask = map.map((_, i) => (i % 2 === 0 ? 1 : 0));
    const inside = [...map].filter((_, i) => mask[i] === 1);
    let area = 0;
    const edges = [
      bounds.lower,
      ...pool.map((_, i) => (i + 1) / 1000).filter((x) => x > bounds.lower && x < bounds.upper),
    ];
    edges.forEach((left, i) => {
      const right = edges[i + 1] ?? bounds.upper;
      // Between the rates k/1000 and (k+1)/1000 the threshold is just above the (k+1)-th highest normal score.
      const threshold = pool[Math.round(left * 1000)] as number;
      area += (inside.filter((score) => score > threshold).length / inside.length) * Math.log(right / left);
    });
    const shared = await sharedFprCurve(normal, 2, bounds.upper);
    expect(shared && pimoArea(shared, map, mask, bounds)).toBeCloseTo(area / Math.log(bounds.upper / bounds.lower), 9);
  });

  it('refuses maps of different sizes or number', async () => {
    await expect(sharedFprCurve([new Float32Array(4), new Float32Array(5)], 2)).rejects.toThrow('one size');
    await expect(sharedFprCurve([new Float32Array(4)], 2)).rejects.toThrow('got 1');
  });
});
