export const ACTION_KINDS = ['containment', 'corrective', 'preventive'] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

const WORDS: Record<ActionKind, string> = {
  containment:
    'contain\\w*|first|begin|start with|most (?:urgent|important)|priority|one thing|one action|at once|right now|immediate\\w*|for the moment' +
    '|other parts|rest of the (?:lot|batch)|already made|stock',
  corrective: 'fix|repair|correct|corrections?|(?:only|just)(?: the)? corrective',
  preventive: 'prevent\\w*|avoid\\w*|next time|comes? back|long run|in future|from now on',
};
const PATTERNS = ACTION_KINDS.map((kind) => [kind, new RegExp(`\\b(?:${WORDS[kind]})\\b`)] as const);

/**
 * Kinds of actions that a question asks for: those that it names, else all. `Corrective actions` is what people call
 * all of them, unless another kind is named beside. A rule for retrieval only, as `topicsOf`: a small model that is
 * given three kinds of actions does not always tell them apart. Equals `kinds_of` in instruct/playbook.py.
 */
export function actionKindsOf(question: string): ActionKind[] {
  const lowered = question.toLowerCase();
  const named = new Set(PATTERNS.flatMap(([kind, pattern]) => (pattern.test(lowered) ? [kind] : [])));
  if (named.size > 0 && lowered.includes('corrective')) {
    named.add('corrective');
  }
  return ACTION_KINDS.filter((kind) => named.size === 0 || named.has(kind));
}
