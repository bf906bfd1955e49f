import type { Playbook, PlaybookEntry } from './schema';
import { hasWord } from './words';

export type PlaybookQuery = {
  /** A vocabulary type, see `canonicalType`; `unknown` when it could not be named. */
  defect: string;
  /** A vocabulary material, see `materialOf`. */
  material: string;
  /** The user's words; aliases found in them raise an entry a little. */
  text?: string | undefined;
};

const ALIAS_POINTS = 3;
const MAX_ALIAS_HITS = 3;

/**
 * How well an entry fits, higher is better. The same type in the same material beats all; then the same type on any
 * part, then (a wrong material would put words like "coil" next to a leather seat) the fallback of the material. With
 * an unknown material, an entry of the type serves if the type occurs in one family only (a knot is in wood), else the
 * generic one.
 */
function scoreEntry(entry: PlaybookEntry, { defect, material, text = '' }: PlaybookQuery, isTelling: boolean): number {
  const sameType = entry.defect === defect;
  const sameMaterial = entry.materials.includes(material);
  const isGeneric = entry.materials.includes('unknown');
  const isFallback = entry.defect === 'unknown';
  let score = 0;
  if (sameType && sameMaterial) {
    score = 100;
  } else if (sameType && isGeneric) {
    score = material === 'unknown' || defect !== 'unknown' ? 80 : 20;
  } else if (isFallback && sameMaterial) {
    score = 60;
  } else if (sameType && defect !== 'unknown') {
    score = material === 'unknown' && isTelling ? 70 : 10;
  } else if (isFallback && isGeneric) {
    score = 20;
  }
  const lowered = text.toLowerCase();
  const hits = [entry.defect, ...entry.aliases].filter(
    (word) => word !== 'unknown' && hasWord(lowered, word.toLowerCase()),
  ).length;
  return score + Math.min(hits, MAX_ALIAS_HITS) * ALIAS_POINTS;
}

/** The best entries, never none, deterministic: by score, then in the playbook's order. */
export function findEntries(playbook: Playbook, query: PlaybookQuery, limit = 3): [PlaybookEntry, ...PlaybookEntry[]] {
  const families = playbook.entries
    .filter(({ defect }) => defect === query.defect)
    .flatMap(({ materials }) => materials);
  const isTelling = new Set(families).size === 1;
  const ranked = playbook.entries
    .map((entry, index) => ({ entry, index, score: scoreEntry(entry, query, isTelling) }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, Math.max(1, limit))
    .map(({ entry }) => entry);
  const [best, ...others] = ranked;
  if (best === undefined) {
    throw new Error('The playbook holds no entries.');
  }
  return [best, ...others];
}
