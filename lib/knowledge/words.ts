import type { Playbook } from './schema';

const escape = (word: string) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** True when `text` (lower case) holds the word or its plural, not as part of another word. */
export function hasWord(text: string, word: string): boolean {
  return text.includes(word) && new RegExp(`(?<![a-z0-9])${escape(word)}(?:s|es)?(?![a-z0-9])`).test(text);
}

/** The name whose word occurs in `text`: the longest word wins, then the earliest of the list. */
function longestNamed(text: string, named: readonly (readonly [word: string, name: string])[]): string | undefined {
  let best: { length: number; name: string } | undefined;
  for (const [word, name] of named) {
    if ((best === undefined || word.length > best.length) && hasWord(text, word)) {
      best = { length: word.length, name };
    }
  }
  return best?.name;
}

/** The vocabulary's defect type for a word, a label or a question; `unknown` when there is none. */
export function canonicalType(playbook: Playbook, text: string): string {
  const pairs = playbook.types.flatMap(({ name, aliases }) =>
    [name, ...aliases].map((word) => [word.replaceAll('_', ' '), name] as const),
  );
  return longestNamed(text.toLowerCase().replaceAll('_', ' ').trim(), pairs) ?? 'unknown';
}

/** The material family named or given away in an object's name or a question; `unknown` when there is none. */
export function materialOf(playbook: Playbook, text: string): string {
  const pairs = playbook.materials.flatMap(({ name, objects }) => objects.map((word) => [word, name] as const));
  return longestNamed(text.toLowerCase(), pairs) ?? 'unknown';
}
