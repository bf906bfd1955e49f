import { scoresVersion } from '@/lib/anomaly/part-bank';
import { knownScores } from '@/lib/parts/known-scores';
import { sampleManifest } from '../../support/sample-manifest';

test('scores that another bank gave do not count; those that no bank gave yet do', () => {
  const samples = [
    { kind: 'golden', score: 0.1, scoreKey: 'now' },
    { kind: 'golden', score: 0.2, scoreKey: null },
    { kind: 'defect', score: 0.7, scoreKey: 'before' },
    { kind: 'defect', score: 0.8, scoreKey: 'now' },
    { kind: 'defect', score: 0.9, scoreKey: null },
    { kind: 'defect', score: null, scoreKey: 'now' },
  ] as const;
  expect(knownScores(samples)).toEqual({ good: [0.1, 0.2], defects: [0.8, 0.9] });
});

test('another bias or temperature makes other scores', () => {
  const { calibration } = sampleManifest();
  const versions = [{}, { bias: calibration.bias + 0.1 }, { temperature: calibration.temperature + 0.1 }].map(
    (change) => scoresVersion({ calibration: { ...calibration, ...change } }),
  );
  expect(new Set(versions).size).toBe(3);
});
