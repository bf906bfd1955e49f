import type { Topic } from './schema';

/**
 * Words that make a clause need the playbook, the first topic that fits wins. A rule for retrieval only: what is
 * answered is the language model's. Equal those of `topic_of` in instruct/playbook.py, whose questions the model was
 * trained on.
 */
const PATTERNS: readonly (readonly [Topic, string])[] = [
  [
    'actions',
    'actions?|fix|repair|correct|corrective|contain|containment|prevent\\w*|corrections?|remed(?:y|ies)' +
      '|should (?:we|i) do|(?:can|do) (?:we|i) do|next steps?|recommend\\w*|suggest\\w*|rework|countermeasures?|8d|avoid\\w*' +
      '|advi[cs]e|measures? (?:to|against)|handle (?:it|this|that)|deal with|solve|solution|get rid of|stop (?:it|this)|improve|to-do',
  ],
  [
    'cause',
    'causes?|caused|why|root cause|reasons?|come from|comes from|came from|origin|how did|how could|how this could' +
      '|leads? to|led to|due to|trigger\\w*|source of|explanation for|go wrong|went wrong',
  ],
  [
    'impact',
    'impact|consequences?|effects?|ship|shipped|shipping|deliver|risks?|dangerous|safe|safety|serious|severe|severity' +
      '|critical|bad|matter|harm|harms|harmed|harmful|hurt|injur\\w*|affects?|dangers?|recall|usable|urgent' +
      '|what if|what happens|happens if|functional|accept|acceptable|release|scrap|customers?|worry|worried',
  ],
  [
    'general',
    'what is an?|what are|explain|tell me about|further (?:inspection|inspect|tests?|testing|checks?)' +
      '|(?:inspect|examine|check|test) (?:it|this|the \\w+|them) (?:further|more closely|in more detail|in depth)' +
      '|verify|confirm|which (?:tests?|methods?)' +
      '|how (?:do|can|should|would) (?:we|i|you) (?:inspect|check|measure|detect|find|recognise|recognize|test)',
  ],
];
const TOPIC_PATTERNS = PATTERNS.map(([topic, words]) => [topic, new RegExp(`\\b(?:${words})\\b`)] as const);

/** "Why is that a defect?" asks about the judgement, which the playbook does not know. */
const JUDGEMENT = new RegExp(
  "\\bwhy (?:do|did|would|have) you\\b(?: \\w+)?|\\bwhy (?:is|was|are|isn't|is not) (?:it|this|that|they|the \\w+)(?: \\w+){0,3}?" +
    ' (?:defects?|anomal\\w+|abnormal|flaws?|faults?|normal|marked|flagged|suspicious|defective)\\b',
  'g',
);
const EIGHT_D = /\b8d (?:report|form)\b/;

const CLAUSE_END = /[?!.,;:]|\b(?:and|or|then)\b/;
const MOST_TOPICS = 2;

function topicOf(lowered: string): Topic | null {
  const asked = lowered.replace(JUDGEMENT, ' ');
  return TOPIC_PATTERNS.find(([, pattern]) => pattern.test(asked))?.[0] ?? null;
}

/**
 * The topics for which a question needs the playbook, at most two: `What caused it, and how do we fix it?` needs both,
 * and so does an 8D report. A question counts as double when its clauses have different topics, which come in the order
 * of the question; else the topic is that of the whole. Equals `topics_of` in instruct/playbook.py.
 */
export function topicsOf(question: string): Topic[] {
  const lowered = question.toLowerCase();
  if (EIGHT_D.test(lowered)) {
    return ['cause', 'actions'];
  }
  const asked = new Set(lowered.split(CLAUSE_END).flatMap((clause) => topicOf(clause) ?? []));
  return asked.size > 1 ? [...asked].slice(0, MOST_TOPICS) : [topicOf(lowered) ?? []].flat();
}
