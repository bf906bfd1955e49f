import fc from 'fast-check';
import { lessMean } from '@/lib/anomaly/patch-distance';

const views = fc.array(fc.float32Array({ minLength: 1, maxLength: 8, min: 0, max: 2, noNaN: true }), { maxLength: 5 });

describe('lessMean', () => {
  it('takes the same off all patches: the share of the mean over all views', () => {
    fc.assert(
      fc.property(views, fc.double({ min: 0, max: 1, noNaN: true }), (distances, share) => {
        const all = distances.flatMap((view) => [...view]);
        const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
        const found = lessMean(distances, share);
        expect(found.map(({ length }) => length)).toEqual(distances.map(({ length }) => length));
        found
          .flatMap((view) => [...view])
          .forEach((left, i) => {
            expect(left).toBeCloseTo((all[i] ?? NaN) - share * mean, 5);
          });
      }),
    );
  });

  it('does not see what all patches are farther by when all of the mean is taken off', () => {
    fc.assert(
      fc.property(views, fc.float({ min: 0, max: 1, noNaN: true }), (distances, farther) => {
        const before = lessMean(distances, 1).flatMap((view) => [...view]);
        const moved = distances.map((view) => view.map((value) => value + farther));
        lessMean(moved, 1)
          .flatMap((view) => [...view])
          .forEach((left, i) => {
            expect(left).toBeCloseTo(before[i] ?? NaN, 5);
          });
      }),
    );
  });
});
