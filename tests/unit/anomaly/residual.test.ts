import fc from 'fast-check';
import { inverseFactor } from '@/lib/anomaly/cholesky';
import { type Moments, fitResidual } from '@/lib/anomaly/residual';

const value = fc.double({ min: -1, max: 1, noNaN: true });

/** Patches [n,D] as rows. */
function momentsOf(rows: readonly number[][]): Moments {
  const width = rows[0]?.length ?? 0;
  const total = new Float32Array(width);
  const products = new Float32Array(width * width);
  for (const row of rows) {
    row.forEach((a, i) => {
      total[i] = (total[i] ?? 0) + a;
      row.forEach((b, j) => {
        products[i * width + j] = (products[i * width + j] ?? 0) + a * b;
      });
    });
  }
  return { count: rows.length, total, products };
}

function left(row: readonly number[], { mean, root }: ReturnType<typeof fitResidual>): number {
  const deviation = row.map((x, i) => x - (mean[i] ?? 0));
  let squares = 0;
  for (let j = 0; j < row.length; j += 1) {
    const along = deviation.reduce((sum, x, i) => sum + x * (root[i * row.length + j] ?? 0), 0);
    squares += along ** 2;
  }
  return squares;
}

describe('inverseFactor', () => {
  it('gives x M^-1 x: the squared length of x times it', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 25, maxLength: 25 }),
        fc.array(value, { minLength: 5, maxLength: 5 }),
        (a, y) => {
          // M = A A' + I, and x = M y for a y that is known.
          const n = 5;
          const m = Float64Array.from({ length: n * n }, (_, index) => {
            const [i, j] = [Math.floor(index / n), index % n];
            return (
              (i === j ? 1 : 0) +
              Array.from({ length: n }, (__, k) => (a[i * n + k] ?? 0) * (a[j * n + k] ?? 0)).reduce((s, v) => s + v, 0)
            );
          });
          const my = y.map((_, i) => y.reduce((sum, v, j) => sum + (m[i * n + j] ?? 0) * v, 0));
          const inverse = inverseFactor(m, n);
          const image = y.map((_, j) => my.reduce((sum, v, i) => sum + v * (inverse[i * n + j] ?? 0), 0));
          const squared = image.reduce((sum, v) => sum + v * v, 0);
          const wanted = my.reduce((sum, v, i) => sum + v * (y[i] ?? 0), 0);
          expect(squared).toBeCloseTo(wanted, 8);
        },
      ),
    );
  });

  it('refuses what is not positive definite', () => {
    expect(() => inverseFactor(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
    expect(() => inverseFactor(Float64Array.of(NaN), 1)).toThrow(RangeError);
  });
});

describe('fitResidual', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i), 0.1 * Math.cos(3 * i), 0]);

  it('leaves little of what varies among the references, and all of what does not', () => {
    const fit = fitResidual([momentsOf(rows)], 0.03);
    const mean = [...fit.mean];
    const [along, across] = [0, 2].map((axis) =>
      left(
        mean.map((x, i) => (i === axis ? x + 1 : x)),
        fit,
      ),
    );
    expect(along).toBeLessThan(0.02);
    expect(across).toBeCloseTo(1, 5);
    expect(left(mean, fit)).toBeCloseTo(0, 10);
  });

  it('does not depend on how the patches are divided among references', () => {
    const whole = fitResidual([momentsOf(rows)], 0.1);
    const parts = fitResidual([momentsOf(rows.slice(0, 11)), momentsOf(rows.slice(11))], 0.1);
    whole.root.forEach((entry, i) => expect(parts.root[i]).toBeCloseTo(entry, 4));
  });

  it('keeps its head when nothing varies', () => {
    const fit = fitResidual(
      [
        momentsOf([
          [1, 0],
          [1, 0],
        ]),
      ],
      0.03,
    );
    expect(left([1, 0], fit)).toBeCloseTo(0, 10);
    expect(left([0, 1], fit)).toBeCloseTo(2, 5);
  });
});
