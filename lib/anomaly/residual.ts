import { inverseFactor } from './cholesky';

/**
 * Sums over unit patches of one level: how many, `total` [D] and `products` [D,D] (the sum of each one's products with
 * itself).
 */
export type Moments = { count: number; total: Float32Array; products: Float32Array };
/** Of one level: (patch - `mean` [D]) times `root` [D,D] is what is left of a patch. */
export type Residual = { mean: Float32Array; root: Float32Array };

/** The ridge where patches do not vary at all. */
const LEAST_SHIFT = 1e-8;

/**
 * What of a patch the references' patches do not explain. Every direction is kept in proportion to how much they vary
 * along it: with their covariance C and the ridge a, a patch that deviates by x from their mean leaves a x' (C + a
 * I)^-1 x, that is a / (e + a) of its energy along a direction of variance e. Unlike the rest after the leading
 * principal directions, it need not be told how many.
 * @param parts per reference its moments; at least one patch in all
 * @param ridge a, in units of the mean variance
 */
export function fitResidual(parts: readonly Moments[], ridge: number): Residual {
  const width = parts[0]?.total.length ?? 0;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const mean = sumOf(
    parts.map(({ total }) => total),
    width,
  ).map((value) => value / count);
  const covariance = sumOf(
    parts.map(({ products }) => products),
    width * width,
  );
  let trace = 0;
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j < width; j += 1) {
      const index = i * width + j;
      covariance[index] = (covariance[index] ?? 0) / count - (mean[i] ?? 0) * (mean[j] ?? 0);
    }
    trace += covariance[i * width + i] ?? 0;
  }
  const shift = Math.max(LEAST_SHIFT, (ridge * trace) / width);
  for (let i = 0; i < width; i += 1) {
    covariance[i * width + i] = (covariance[i * width + i] ?? 0) + shift;
  }
  const scale = Math.sqrt(shift);
  return {
    mean: Float32Array.from(mean),
    root: Float32Array.from(inverseFactor(covariance, width), (value) => scale * value),
  };
}

function sumOf(parts: readonly Float32Array[], length: number): Float64Array {
  const sum = new Float64Array(length);
  for (const part of parts) {
    for (let i = 0; i < length; i += 1) {
      sum[i] = (sum[i] ?? 0) + (part[i] ?? 0);
    }
  }
  return sum;
}
