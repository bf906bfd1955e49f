/**
 * Settings of mutual scoring, chosen by `python -m looktwice_train mutual-study` (docs/benchmarks.md, "What pays in
 * mutual scoring").
 */
export const MUTUAL = {
  /** Indices of the encoder levels that are compared. */
  levels: [1, 2, 3],
  /**
   * Neighbourhood over which patches are averaged before they are compared (0: each alone, 1: 3 x 3, 2: 5 x 5, which
   * forgives shifts by a patch or two, after MuSc, arXiv 2401.16753). Tiles show small parts, where a shift matters
   * less.
   */
  radius: { base: 2, tile: 0 },
  /** Share of the members, the most similar ones, whose distances are averaged per patch. */
  lowestFraction: 0.3,
  /** Share of an image's patches of a view kind, the most distant ones, whose mean is its score. */
  topFraction: 0.01,
  /** How much of the mean of all its patches is taken off it, as with references (`lessMean`). */
  meanShare: 0.3,
  /** Of its base view a member keeps every second patch either way, of its tiles every fourth. */
  steps: { base: 2, tile: 4 },
  /** Share of the members, the least distant ones, that tell what is normal. */
  likelyNormal: 0.75,
  /**
   * What the score of a normal image is taken to be, and how many images that is worth. Wider than what normal images
   * have (`mutual-study` prints it), since the members without their most distant quarter differ too little.
   */
  priorMean: 0.105,
  priorDeviation: 0.018,
  priorCount: 2,
} as const;

/**
 * Per patch the mean of the lowest `fraction` (at least one) of its values, [n]; one row [n] for each that it was
 * compared with, at least one.
 */
export function lowestMeans(rows: readonly Float32Array[], fraction: number): Float32Array {
  const count = Math.max(1, Math.round(rows.length * fraction));
  const values = new Float32Array(rows.length);
  return Float32Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => {
    rows.forEach((row, at) => (values[at] = row[i] ?? 0));
    return (
      values
        .sort()
        .subarray(0, count)
        .reduce((sum, value) => sum + value, 0) / count
    );
  });
}
