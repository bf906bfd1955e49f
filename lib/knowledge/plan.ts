import { type ActionKind, actionKindsOf } from './action-kinds';
import type { Topic } from './schema';
import { topicsOf } from './topic';

/** What is looked up for a question: topics of the playbook, at most two, and which kinds of actions. */
export type Lookup = { topics: readonly Topic[]; kinds: readonly ActionKind[] };

/** Topics of the plans that need the playbook; the names are those of instruct/plan.py. */
const TOPICS = new Map<string, readonly Topic[]>([
  ['cause', ['cause']],
  ['impact', ['impact']],
  ['severity', ['impact']],
  ['shipping', ['impact']],
  ['actions', ['actions']],
  ['first step', ['actions']],
  ['containment', ['actions']],
  ['correction', ['actions']],
  ['prevention', ['actions']],
  ['cause, actions', ['cause', 'actions']],
  ['impact, actions', ['impact', 'actions']],
  ['cause, impact', ['cause', 'impact']],
  ['verification', ['general']],
  ['8D report', ['cause', 'actions']],
]);
const KINDS = new Map<string, readonly ActionKind[]>([
  ['first step', ['containment']],
  ['containment', ['containment']],
  ['correction', ['corrective']],
  ['prevention', ['preventive']],
]);
/** A claim about the cause is looked up as its words say. */
const BY_WORDS = 'claim';

/**
 * What the playbook is asked for: by the plan where the language model's head is sure of one, else by the question's
 * words.
 * @param plan a name of instruct/plan.py, or null
 */
export function lookupOf(question: string, plan: string | null): Lookup {
  const kinds = KINDS.get(plan ?? '') ?? actionKindsOf(question);
  return plan === null || plan === BY_WORDS
    ? { topics: topicsOf(question), kinds }
    : { topics: TOPICS.get(plan) ?? [], kinds };
}
