/**
 * The inverse of Cholesky's factor: for a symmetric positive definite `matrix` [n,n] = L L', the lower triangular
 * inverse of L, transposed: its row j is the column of the inverse that solves L y = e_j. For a row vector x, |x times
 * this| squared is x matrix^-1 x'.
 * @throws RangeError when the matrix is not positive definite
 */
export function inverseFactor(matrix: Float64Array, n: number): Float64Array {
  const factor = choleskyFactor(matrix, n);
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j += 1) {
    const row = j * n;
    inverse[row + j] = 1 / (factor[row + j] ?? NaN);
    for (let i = j + 1; i < n; i += 1) {
      const known = dot(factor, i * n + j, inverse, row + j, i - j);
      inverse[row + i] = -known / (factor[i * n + i] ?? NaN);
    }
  }
  return inverse;
}

function choleskyFactor(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const rest = (matrix[i * n + j] ?? NaN) - dot(factor, i * n, factor, j * n, j);
      factor[i * n + j] = rest / (factor[j * n + j] ?? NaN);
    }
    const rest = (matrix[i * n + i] ?? NaN) - dot(factor, i * n, factor, i * n, i);
    if (!(rest > 0)) {
      throw new RangeError('The matrix is not positive definite.');
    }
    factor[i * n + i] = Math.sqrt(rest);
  }
  return factor;
}

/**
 * Sum of `length` products, from a[aStart] and b[bStart] on; two sums at once, since each waits for its last addition.
 */
function dot(a: Float64Array, aStart: number, b: Float64Array, bStart: number, length: number): number {
  let even = 0;
  let odd = 0;
  let k = 0;
  for (; k + 1 < length; k += 2) {
    even += (a[aStart + k] ?? NaN) * (b[bStart + k] ?? NaN);
    odd += (a[aStart + k + 1] ?? NaN) * (b[bStart + k + 1] ?? NaN);
  }
  return k < length ? even + odd + (a[aStart + k] ?? NaN) * (b[bStart + k] ?? NaN) : even + odd;
}
