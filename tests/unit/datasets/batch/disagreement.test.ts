import { combine, disagreementOf, uncertaintyOf } from '@/lib/datasets/batch/disagreement';

test('disagreement is the larger of the objections against label and mask', () => {
  expect(disagreementOf({ probability: 0.9, target: 0, agreement: null })).toBeNull();
  expect(disagreementOf({ probability: 0.9, target: -1, agreement: null })).toBeCloseTo(0.9);
  expect(disagreementOf({ probability: 0.9, target: 1, agreement: null })).toBeCloseTo(0.1);
  expect(disagreementOf({ probability: 0.9, target: 1, agreement: 0 })).toBe(1);
  expect(disagreementOf({ probability: 0.9, target: 1, agreement: 0.8 })).toBeCloseTo(0.1);
  // A normal image's mask, left over from before it was relabelled, is no objection.
  expect(disagreementOf({ probability: 0.2, target: -1, agreement: 0 })).toBeCloseTo(0.2);
});

test('two probabilities are averaged; an even chance is most uncertain', () => {
  expect(combine(0.2, 0.6)).toBeCloseTo(0.4);
  expect([0, 0.5, 1].map((each) => uncertaintyOf(each))).toEqual([0, 1, 0]);
});

test('what the model cannot tell comes before all that it decided', () => {
  expect(uncertaintyOf(0.66, true)).toBe(1);
  expect(uncertaintyOf(0.34, false)).toBeLessThan(1);
});
