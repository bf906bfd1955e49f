/**
 * When an image is taken for one of a part. Its global descriptor says which parts are worth a look (`least`, a cosine;
 * the next one too if it is within `lead` of the likeliest), but most pictures are alike to it, so it does not decide.
 * The median distance of its patches to a part's samples does: up to `take` it is one, up to `ask` it may be. What is
 * not `likely` by its descriptor, as where a large defect covers the part, must be as near as `near`. Of two parts in
 * question the nearer must be nearer by a factor (`clear`). Set so that fewer than one in a hundred images of other
 * things are taken (docs/benchmarks.md, "Parts").
 */
export const RECOGNITION = {
  ...{ least: 0.8, likely: 0.92, lead: 0.02 },
  ...{ near: 0.03, take: 0.07, ask: 0.085, clear: 0.8 },
} as const;

export type Ranked = { likeness: number; distance: number };

/**
 * Which of the parts in question an image is of.
 * @param ranked parts in question, with the distances that were measured
 * @returns the index of the part that it is taken for, or those that it may be of, the nearest first
 */
export function decide(ranked: readonly Ranked[]): { taken: number } | { candidates: number[] } {
  const within = (limits: { likely: number; unlikely: number }) => (index: number) => {
    const { likeness, distance } = ranked[index] ?? { likeness: -1, distance: Infinity };
    return distance <= (likeness >= RECOGNITION.likely ? limits.likely : limits.unlikely);
  };
  const distanceOf = (index: number | undefined) =>
    index === undefined ? Infinity : (ranked[index]?.distance ?? Infinity);
  const near = [...ranked.keys()]
    .filter(within({ likely: RECOGNITION.ask, unlikely: RECOGNITION.near }))
    .sort((a, b) => distanceOf(a) - distanceOf(b));
  const [first, second] = near;
  if (
    first !== undefined &&
    within({ likely: RECOGNITION.take, unlikely: RECOGNITION.near })(first) &&
    distanceOf(first) <= RECOGNITION.clear * distanceOf(second)
  ) {
    return { taken: first };
  }
  return { candidates: near.slice(0, 2) };
}

/** Which parts are worth measuring, of the likeliest first: at most two. */
export function inQuestion(likenesses: readonly number[]): number[] {
  const best = likenesses[0] ?? -1;
  return [...likenesses.keys()].slice(0, 2).filter((index) => {
    const likeness = likenesses[index] ?? -1;
    return likeness >= RECOGNITION.least && best - likeness <= RECOGNITION.lead;
  });
}
