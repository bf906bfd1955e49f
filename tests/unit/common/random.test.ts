import fc from 'fast-check';
import { bootstrapImageMetrics, meanInterval, percentileInterval } from '@/lib/evaluation/metrics/bootstrap';
import { deriveSeed, sampleWithoutReplacement, seededRandom } from '@/lib/common/random';

describe('seeded draws', () => {
  it('repeat with their seed and differ from another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(deriveSeed(1, 'bottle')).not.toBe(deriveSeed(1, 'cable'));
  });

  it('draw different items, all of them if there are too few', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.nat(20), fc.integer(), (items, count, seed) => {
        const drawn = sampleWithoutReplacement(items, count, seededRandom(seed));
        expect(drawn.length).toBe(Math.min(count, items.length));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(drawn.every((item) => items.includes(item))).toBe(true);
      }),
    );
  });
});

describe('bootstrap', () => {
  const labels = Array.from({ length: 80 }, (_, i) => i % 2);
  const random = seededRandom(3);
  const scores = labels.map((label) => 0.5 * random() + 0.2 * label);

  it('is repeatable and brackets the value', () => {
    const first = bootstrapImageMetrics(scores, labels, 300, 11);
    const second = bootstrapImageMetrics(scores, labels, 300, 11);
    expect(first?.auroc).toEqual(second?.auroc);
    const { low, high } = percentileInterval(first?.auroc ?? new Float64Array());
    expect(low).toBeLessThan(high);
    expect(low).toBeGreaterThan(0.5);
    expect(high).toBeLessThanOrEqual(1);
  });

  it('is undefined with one class, and certain with perfect scores', () => {
    expect(bootstrapImageMetrics([0.1, 0.2], [0, 0], 10, 1)).toBeNull();
    const perfect = bootstrapImageMetrics([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1], 50, 1);
    expect(percentileInterval(perfect?.auroc ?? new Float64Array())).toEqual({ low: 1, high: 1 });
  });

  it('narrows over parts', () => {
    const parts = [1, 2, 3, 4].map(
      (seed) => bootstrapImageMetrics(scores, labels, 300, seed)?.auroc ?? new Float64Array(),
    );
    const one = percentileInterval(parts[0] ?? new Float64Array());
    const mean = meanInterval(parts);
    expect((mean?.high ?? 1) - (mean?.low ?? 0)).toBeLessThan(one.high - one.low);
    expect(meanInterval([])).toBeNull();
  });
});
