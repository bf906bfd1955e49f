/**
 * A small seeded generator (mulberry32): the same seed gives the same draws on every machine, which `Math.random`
 * cannot. For sampling and bootstrapping only, never for secrets.
 *
 * @param seed any integer; only its low 32 bits count
 * @returns a function giving numbers in [0, 1)
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * A stable 32-bit seed for a named part of a run, so that one category's draw does not depend on which others ran
 * before.
 *
 * @param seed the run's seed
 * @param name the part, such as a category
 */
export function deriveSeed(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ (seed | 0);
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash | 0;
}

/**
 * Draws `count` different items (all of them, shuffled, if there are fewer) by a partial Fisher-Yates shuffle.
 *
 * @param items left untouched
 * @param random numbers in [0, 1), see `seededRandom`
 */
export function sampleWithoutReplacement<T>(items: readonly T[], count: number, random: () => number): T[] {
  const pool = [...items];
  const drawn: T[] = [];
  while (drawn.length < count && pool.length > 0) {
    const [item] = pool.splice(Math.floor(random() * pool.length), 1);
    drawn.push(item as T);
  }
  return drawn;
}
