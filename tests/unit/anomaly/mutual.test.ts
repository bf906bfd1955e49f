import fc from 'fast-check';
import { lowestMeans } from '@/lib/anomaly/mutual';

describe('lowestMeans', () => {
  it('is the mean of the lowest share of the values, at least of one', () => {
    const rows = fc.integer({ min: 1, max: 6 }).chain((length) =>
      fc.array(fc.float32Array({ minLength: length, maxLength: length, min: 0, max: 2, noNaN: true }), {
        minLength: 1,
        maxLength: 12,
      }),
    );
    fc.assert(
      fc.property(rows, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, fraction) => {
        const found = lowestMeans(values, fraction);
        const count = Math.max(1, Math.round(values.length * fraction));
        found.forEach((mean, i) => {
          const lowest = values
            .map((row) => row[i] ?? NaN)
            .sort((a, b) => a - b)
            .slice(0, count);
          expect(mean).toBeCloseTo(lowest.reduce((sum, value) => sum + value, 0) / count, 5);
        });
        expect(found).toHaveLength(values[0]?.length ?? 0);
      }),
    );
  });
});
