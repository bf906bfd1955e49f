import fc from 'fast-check';
import { type Basis, describeBasis, leansAnomalous, unsureText } from '@/lib/contract/verdict';
import { ZERO_SHOT, bucketFor, judge } from '@/lib/anomaly/verdict';
import { plainJudgement } from '@/lib/contract';
import { sampleManifest } from '../../support/sample-manifest';

const { calibration } = sampleManifest();
const fit = { slope: 0.5, intercept: 0.2, low: 0.35, high: 0.65 };
const single = { slope: 1, intercept: 0, low: 0.4, high: 0.6 };
const fitted = { ...calibration, verdict: { zeroShot: fit, single }, foreign: { scale: 2, offset: 1 } };
const references = (count: number): Basis => ({ kind: 'references', count });
const score = fc.double({ min: 0, max: 1, noNaN: true });

describe('a verdict', () => {
  it('of a bundle without calibrated verdicts is the score, decided at one half', () => {
    fc.assert(
      fc.property(score, (value) => {
        expect(judge(value, ZERO_SHOT, undefined, calibration)).toEqual(plainJudgement(value, 0));
      }),
    );
  });

  it('follows the probability, which rises with the score, and is unsure between the bounds alone', () => {
    fc.assert(
      fc.property(score, score, (a, b) => {
        const [one, two] = [judge(Math.min(a, b), ZERO_SHOT, 0, fitted), judge(Math.max(a, b), ZERO_SHOT, 0, fitted)];
        expect(one.probability).toBeLessThanOrEqual(two.probability);
        for (const { probability, verdict } of [one, two]) {
          expect(verdict).toBe(probability < fit.low ? 'normal' : probability >= fit.high ? 'anomalous' : 'unsure');
        }
      }),
    );
    // sigmoid(0.5 x logit(0.9) + 0.2)
    expect(judge(0.9, ZERO_SHOT, undefined, fitted).probability).toBeCloseTo(0.7856, 3);
  });

  it('is calibrated by what it rests on, and as the score itself where nothing was fitted for that', () => {
    expect(judge(0.5, references(1), undefined, fitted).verdict).toBe('unsure');
    expect(judge(0.5, references(3), undefined, fitted)).toMatchObject({ verdict: 'anomalous', probability: 0.5 });
    const reference = { ...single, low: 0.1, high: 0.9 };
    const more = { ...fitted, verdict: { ...fitted.verdict, reference } };
    expect(judge(0.7, { kind: 'set', count: 9 }, undefined, more).verdict).toBe('unsure');
    expect(judge(0.7, { kind: 'part', count: 1 }, undefined, more).verdict).toBe('anomalous');
  });

  it('says how foreign the image is where graph and manifest do', () => {
    expect(judge(0.5, ZERO_SHOT, 1, fitted).foreignness).toBe(0.5);
    expect(judge(0.5, ZERO_SHOT, undefined, fitted).foreignness).toBeNull();
    expect(judge(0.5, ZERO_SHOT, 1, calibration).foreignness).toBeNull();
  });

  it('never stands beside a bucket that contradicts it, and leans where it does not decide', () => {
    fc.assert(
      fc.property(score, fc.double({ min: -3, max: 3, noNaN: true }), (value, intercept) => {
        const skewed = { ...calibration, verdict: { zeroShot: { ...fit, intercept } } };
        const judgement = judge(value, ZERO_SHOT, undefined, skewed);
        const bucket = bucketFor(value, judgement, skewed);
        expect([judgement.verdict, bucket]).not.toEqual(['anomalous', 'slightly']);
        expect([judgement.verdict, bucket]).not.toEqual(['normal', 'highly']);
        expect(leansAnomalous(judgement)).toBe(
          judgement.verdict === 'unsure' ? judgement.probability >= 0.5 : judgement.verdict === 'anomalous',
        );
      }),
    );
  });
});

test('what an unsure image needs depends on what there was', () => {
  expect(unsureText({ probability: 0.62, basis: ZERO_SHOT })).toBe(
    'Unsure (0.62): I cannot tell from this picture alone. Give me one good part to compare with.',
  );
  expect(unsureText({ probability: 0.5, basis: references(1) })).toMatch(
    /from 1 normal reference\. Give me more good parts/,
  );
  expect(describeBasis({ kind: 'part', count: 12 })).toBe('the taught part (12 images)');
});
