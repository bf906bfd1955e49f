import type { DatasetPart } from '@/lib/contract';

/** The set that a text names with an at sign, the longest name first, as names may begin alike and hold spaces. */
export function mentionedSet<Named extends { name: string }>(text: string, sets: readonly Named[]): Named | undefined {
  const words = text.toLowerCase();
  return [...sets]
    .sort((a, b) => b.name.length - a.name.length)
    .find(({ name }) => words.includes(`@${name.toLowerCase()}`) || words.includes(`@"${name.toLowerCase()}"`));
}

const PATTERNS: readonly [DatasetPart['kind'], RegExp][] = [
  ['similar', /\b(similar|like (this|that|it)|same as (this|that)|alike|resembl)/i],
  [
    'mislabelled',
    /\b(mis-?label|mis-?annotat|wrong(ly)?\b.*\b(label|annotat|mask)|\b(label|annotat|mask)\w*\b.*\bwrong|label(l?ing)? (error|mistake)|disagree|contradict)/i,
  ],
  ['uncertain', /\b(uncertain|unsure|not sure|doubt|borderline)/i],
  ['types', /\b(types?|kinds?|categor|summari[sz]e|break ?down|how many|count)/i],
];

/** What a question wants to know of a set. It only chooses the query; what is said about the result is the model's. */
export function intentOf(text: string): DatasetPart['kind'] {
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'summary';
}
