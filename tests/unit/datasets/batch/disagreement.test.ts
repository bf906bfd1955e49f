import { combine, disagreementOf, uncertaintyOf } from '@/lib/datasets/batch/disagreement';
import { askNeighbours } from '@/lib/datasets/batch/neighbours';
import { seededRandom } from '@/lib/evaluation/random';

test('disagreement is the larger of the objections against label and mask', () => {
  expect(disagreementOf({ probability: 0.9, target: 0, agreement: null })).toBeNull();
  expect(disagreementOf({ probability: 0.9, target: -1, agreement: null })).toBeCloseTo(0.9);
  expect(disagreementOf({ probability: 0.9, target: 1, agreement: null })).toBeCloseTo(0.1);
  expect(disagreementOf({ probability: 0.9, target: 1, agreement: 0 })).toBe(1);
  expect(disagreementOf({ probability: 0.9, target: 1, agreement: 0.8 })).toBeCloseTo(0.1);
  // A normal image's mask, left over from before it was relabelled, is no objection.
  expect(disagreementOf({ probability: 0.2, target: -1, agreement: 0 })).toBeCloseTo(0.2);
});

test('judges are averaged; an even chance is most uncertain', () => {
  expect(combine(0.4)).toBeCloseTo(0.4);
  expect(combine(0.2, 0.4, 0.9)).toBeCloseTo(0.5);
  expect([0, 0.5, 1].map(uncertaintyOf)).toEqual([0, 1, 0]);
});

describe('neighbours', () => {
  const random = seededRandom(5);
  const cluster = (centre: number, size: number) =>
    Array.from({ length: size }, () =>
      Float32Array.from({ length: 6 }, (_, k) => (k % 2 === centre ? 4 : 0) + random()),
    );
  const rows = [...cluster(0, 12), ...cluster(1, 6)];
  const truth = rows.map((_, i) => (i < 12 ? -1 : 1));
  const images = rows.map((_, i) => `image ${i}`);

  it('contradict a wrong label in either cluster', async () => {
    const targets = truth.map((target, i) => (i === 3 || i === 14 ? -target : target));
    const said = await askNeighbours(rows, targets, images, 5);
    expect(said[3]).toBeLessThan(0);
    expect(said[14]).toBeGreaterThan(0);
    expect(said.map(Math.sign)).toEqual(truth);
  });

  it('have a say only with a label of their own, and not as a copy of the same image', async () => {
    const unlabelled = truth.map((target) => (target > 0 ? 0 : target));
    expect((await askNeighbours(rows, unlabelled, images, 5)).every((value) => value === -1)).toBe(true);
    expect(await askNeighbours(rows.slice(0, 2), [1, -1], ['same', 'same'], 5)).toEqual([0, 0]);
    expect(await askNeighbours([], [], [], 5)).toEqual([]);
  });
});
