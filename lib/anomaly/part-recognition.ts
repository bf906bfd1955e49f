/**
 * When an image is taken for one of a part, by the cosine of the global descriptors (`accept`, and `lead` over the next part) and by how far its patches are from the
 * samples' (`isTypical`). Set so that fewer than one in a hundred images of other things are taken (docs/benchmarks.md, "Parts").
 */
export const RECOGNITION = { accept: 0.75, ask: 0.6, lead: 0.03, spread: 1.6, least: 0.08 };

/**
 * Whether an image's patches are about as near to the samples as those are to each other.
 * @param distance the median distance of its patches
 * @param known the samples' own, beside each other; empty of a single sample
 */
export function isTypical(distance: number, known: readonly number[]): boolean {
  return distance <= Math.max(RECOGNITION.least, ...known.map((each) => RECOGNITION.spread * each));
}
