import fc from 'fast-check';
import { auroc, averagePrecision, f1Max, rocCurve } from '@/lib/evaluation/metrics/ranking';
import { countByThreshold } from '@/lib/evaluation/metrics/threshold-counts';

/** Few distinct scores, so that ties are common. */
const samples = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 12 }), label: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 2,
    maxLength: 60,
  })
  .filter((list) => new Set(list.map((sample) => sample.label)).size === 2);

const split = (list: readonly { score: number; label: number }[]) => ({
  scores: list.map((sample) => sample.score / 12),
  labels: list.map((sample) => sample.label),
});

describe('image metrics', () => {
  it('gives the chance that an anomalous sample scores higher, ties counting half', () => {
    fc.assert(
      fc.property(samples, (list) => {
        const { scores, labels } = split(list);
        let wins = 0;
        let pairs = 0;
        scores.forEach((positive, i) =>
          scores.forEach((negative, j) => {
            if (labels[i] === 1 && labels[j] === 0) {
              pairs += 1;
              wins += positive > negative ? 1 : positive === negative ? 0.5 : 0;
            }
          }),
        );
        expect(auroc(countByThreshold(scores, labels))).toBeCloseTo(wins / pairs, 12);
      }),
    );
  });

  it('does not depend on the order of the samples, nor on any rising change of the scores', () => {
    fc.assert(
      fc.property(samples, (list) => {
        const { scores, labels } = split(list);
        const counts = countByThreshold(scores, labels);
        const reversed = countByThreshold([...scores].reverse(), [...labels].reverse());
        const stretched = countByThreshold(
          scores.map((score) => Math.exp(3 * score) - 7),
          labels,
        );
        for (const metric of [auroc, averagePrecision]) {
          expect(metric(reversed)).toBe(metric(counts));
          expect(metric(stretched)).toBe(metric(counts));
        }
        expect(f1Max(stretched)?.value).toBe(f1Max(counts)?.value);
      }),
    );
  });

  it('reaches the best F1 at the threshold it names', () => {
    fc.assert(
      fc.property(samples, (list) => {
        const { scores, labels } = split(list);
        const best = f1Max(countByThreshold(scores, labels));
        const f1At = (threshold: number): number => {
          const said = scores.map((score) => score >= threshold);
          const right = said.filter((yes, i) => yes && labels[i] === 1).length;
          return (2 * right) / (said.filter(Boolean).length + labels.filter((label) => label === 1).length);
        };
        expect(f1At(best?.threshold ?? 0)).toBeCloseTo(best?.value ?? -1, 12);
        expect(Math.max(...scores.map(f1At))).toBeCloseTo(best?.value ?? -1, 12);
      }),
    );
  });

  it('is undefined, not 0.5, when one class is absent', () => {
    const counts = countByThreshold([0.1, 0.9], [1, 1]);
    expect([auroc(counts), averagePrecision(counts), f1Max(counts)]).toEqual([null, null, null]);
    expect(rocCurve(counts)).toEqual([]);
  });

  it('refuses scores that are not numbers, unknown labels and uneven lists', () => {
    expect(() => countByThreshold([0.1, Number.NaN], [0, 1])).toThrow('Score 1 is NaN');
    expect(() => countByThreshold([0.1, 0.2], [0, 2])).toThrow('labels are 0 (normal) or 1');
    expect(() => countByThreshold([0.1], [0, 1])).toThrow('one label per score');
  });

  it('draws the curve from corner to corner with few points', () => {
    const size = 5000;
    const scores = Float64Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * 0.5 + 0.5);
    const labels = Uint8Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const points = rocCurve(countByThreshold(scores, labels), 100);
    expect(points[0]).toEqual({ x: 0, y: 0 });
    expect(points.at(-1)).toEqual({ x: 1, y: 1 });
    expect(points.length).toBeLessThan(220);
  });
});
