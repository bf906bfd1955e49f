/**
 * How pixel scores are counted without keeping them: a fixed table of bins over the float32 numbers in 0..1.
 *
 * Anomaly maps crowd at both ends (a softmax at temperature 100 gives 1e-6 and 1 - 1e-6), where evenly spaced bins
 * would throw most pixels together and 65,536 levels are not enough. The bins therefore follow the float32 format: the
 * bit pattern of a non-negative float rises with its value, so dropping its low bits gives bins of the same RELATIVE
 * width, 2^-14, at any magnitude. Scores above one half are binned by 1 - score, so that the upper end is as fine as
 * the lower.
 */
const DROPPED_BITS = 9;
const HALF_BITS = 0x3f00_0000;
const HALF_BINS = (HALF_BITS >>> DROPPED_BITS) + 1;

/** The number of bins: about 4.1 million. */
export const SCORE_BINS = 2 * HALF_BINS;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * The bin of a score; rises with the score, and equal scores share a bin.
 *
 * @param score 0..1
 * @throws RangeError if it is outside, or not a number
 */
export function scoreBin(score: number): number {
  if (!(score >= 0 && score <= 1)) {
    throw new RangeError(`An anomaly map holds ${score}; its values must be in 0..1.`);
  }
  // + 0 turns -0, whose bit pattern is the largest, into 0.
  float[0] = (score <= 0.5 ? score : 1 - score) + 0;
  const bin = (bits[0] as number) >>> DROPPED_BITS;
  return score <= 0.5 ? bin : SCORE_BINS - 1 - bin;
}

/** The lowest score that falls into a bin: the threshold at which everything from this bin up is called anomalous. */
export function binThreshold(bin: number): number {
  if (bin < HALF_BINS) {
    bits[0] = bin << DROPPED_BITS;
    return float[0] as number;
  }
  // The bins of the upper half run backwards: the lowest score has the largest 1 - score of its bin.
  bits[0] = Math.min(((SCORE_BINS - 1 - bin) << DROPPED_BITS) | ((1 << DROPPED_BITS) - 1), HALF_BITS);
  return 1 - (float[0] as number);
}
