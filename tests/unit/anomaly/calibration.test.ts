import fc from 'fast-check';
import { bucketOf, calibrateLogit, logit, sigmoid } from '@/lib/anomaly/calibration';
import { fuseMaps, fuseScore } from '@/lib/anomaly/fusion';
import { shrinkToPrior } from '@/lib/anomaly/reference-kind';
import { sampleManifest } from '../../support/sample-manifest';

const { calibration } = sampleManifest();
const score = fc.double({ min: 0, max: 1, noNaN: true });

describe('calibration', () => {
  it.each([
    [0, 'slightly'],
    [0.29, 'slightly'],
    [0.3, 'moderately'],
    [0.69, 'moderately'],
    [0.7, 'highly'],
    [1, 'highly'],
  ])('calls %d %s suspicious', (value, bucket) => {
    expect(bucketOf(value, calibration)).toBe(bucket);
  });

  it('undoes the sigmoid and stays finite at the ends', () => {
    fc.assert(
      fc.property(score, (value) => {
        expect(Number.isFinite(logit(value))).toBe(true);
        expect(Math.abs(sigmoid(logit(value)) - value)).toBeLessThanOrEqual(1.01e-6);
      }),
    );
  });

  it('keeps the order of scores', () => {
    fc.assert(
      fc.property(score, score, fc.double({ min: 0.1, max: 5, noNaN: true }), (a, b, temperature) => {
        const calibrate = (x: number) => calibrateLogit(logit(x), { ...calibration, bias: 0.7, temperature });
        expect(calibrate(Math.min(a, b))).toBeLessThanOrEqual(calibrate(Math.max(a, b)));
      }),
    );
  });
});

describe('fusion with references', () => {
  const comparison = (value: number, references = 4) => ({
    references,
    score: value,
    deviations: Float32Array.of(value, -Infinity),
  });

  it('leaves the expert alone without references', () => {
    expect(fuseScore(0.4, undefined, calibration)).toBeCloseTo(0.4, 5);
    const maps = Float32Array.of(0.1, 0.9);
    expect(fuseMaps(maps, undefined, calibration)).toBe(maps);
  });

  it('rises with the distance to the references and with the expert', () => {
    fc.assert(
      fc.property(score, fc.double({ min: -5, max: 5, noNaN: true }), (raw, deviation) => {
        const fused = fuseScore(raw, comparison(deviation), calibration);
        expect(fused >= 0 && fused <= 1).toBe(true);
        expect(fuseScore(raw, comparison(deviation + 1), calibration)).toBeGreaterThan(fused);
        expect(fuseScore(Math.min(1, raw + 0.1), comparison(deviation), calibration)).toBeGreaterThanOrEqual(fused);
      }),
    );
  });

  it('weighs a single reference by its own fusion, where the bundle has one', () => {
    const single = { weight: 0.25, scale: 0.5, bias: -1 };
    const own = { ...calibration, reference: { ...calibration.reference, single } };
    fc.assert(
      fc.property(score, fc.double({ min: -5, max: 5, noNaN: true }), (raw, distance) => {
        const expected = 0.75 * logit(calibrateLogit(logit(raw), calibration)) + 0.25 * (0.5 * distance - 1);
        expect(fuseScore(raw, comparison(distance, 1), own)).toBeCloseTo(sigmoid(expected), 10);
        for (const references of [1, 2, 4]) {
          const shared = fuseScore(raw, comparison(distance, references), calibration);
          expect(shared).toBe(fuseScore(raw, comparison(distance), calibration));
        }
        expect(fuseScore(raw, comparison(distance, 2), own)).toBe(fuseScore(raw, comparison(distance), calibration));
      }),
    );
  });

  it('keeps the expert where the comparison says nothing', () => {
    const fused = fuseMaps(Float32Array.of(0.2, 0), comparison(6), calibration);
    expect(fused[0]).toBeGreaterThan(0.2);
    expect(fused[1]).toBe(0);
  });
});

describe('the prior of normal distances', () => {
  const prior = { priorMean: 0.4, priorDeviation: 0.1, priorCount: 2 };

  it('stands in when there is one reference', () => {
    expect(shrinkToPrior([], prior)).toEqual({ mean: 0.4, deviation: expect.closeTo(0.1) as number });
  });

  it('gives way to many', () => {
    const scores = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0.19 : 0.21));
    const { mean, deviation } = shrinkToPrior(scores, prior);
    expect(mean).toBeCloseTo(0.2, 2);
    expect(deviation).toBeLessThan(0.02);
  });
});
