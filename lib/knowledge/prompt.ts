import type { Playbook, PlaybookEntry, Severity, Topic } from './schema';

/** About 90 tokens of SmolLM2. */
const MAX_WORDS = 58;
const ACTION_LABELS = { containment: 'contain', corrective: 'correct', preventive: 'prevent' } as const;
type ActionKind = keyof typeof ACTION_LABELS;
const ACTION_KINDS = Object.keys(ACTION_LABELS) as ActionKind[];
export type ChosenActions = Record<ActionKind, string[]>;

const countWords = (text: string) => text.split(/\s+/).filter(Boolean).length;

/** What an entry is about: `crack in ceramic`, `anomaly in glass`, `scratch on a part`. */
export function entrySubject({ materials }: Pick<Playbook, 'materials'>, entry: PlaybookEntry): string {
  const defect = entry.defect === 'unknown' ? 'anomaly' : entry.defect;
  const label = materials.find(({ name }) => name === entry.materials[0])?.label ?? 'part';
  return label === 'part' ? `${defect} on a part` : `${defect} in ${label}`;
}

function actionsText(subject: string, chosen: ChosenActions): string {
  return `${subject}, actions: ${ACTION_KINDS.map((kind) => `${ACTION_LABELS[kind]}: ${chosen[kind].join('; ')}.`).join(' ')}`;
}

/** The actions that fit into the prompt: one of each kind, then second ones in order as long as there is room. */
export function chosenActions(playbook: Pick<Playbook, 'materials'>, entry: PlaybookEntry): ChosenActions {
  const subject = entrySubject(playbook, entry);
  let chosen: ChosenActions = {
    containment: entry.containment.slice(0, 1),
    corrective: entry.corrective.slice(0, 1),
    preventive: entry.preventive.slice(0, 1),
  };
  for (const kind of ACTION_KINDS) {
    const longer = { ...chosen, [kind]: entry[kind].slice(0, 2) };
    if (countWords(actionsText(subject, longer)) <= MAX_WORDS) {
      chosen = longer;
    }
  }
  return chosen;
}

/** `head` and as many pieces as stay within the words that fit, the first one always. */
function fit(head: string, first: string, second: string): string {
  const text = `${head} ${first}`;
  return countWords(`${text} ${second}`) <= MAX_WORDS ? `${text} ${second}` : text;
}

/**
 * One compact line of an entry for ` [playbook: ...]`, at most 90 tokens; the words that the model was trained to rephrase
 * (`entry_for_prompt` in instruct/playbook.py gives the same).
 */
export function entryForPrompt(
  playbook: Pick<Playbook, 'materials'>,
  entry: PlaybookEntry,
  topic: Topic,
  severity: Severity,
): string {
  const subject = entrySubject(playbook, entry);
  const check = `Check: ${entry.inspection[0] ?? ''}.`;
  switch (topic) {
    case 'impact':
      return fit(`${subject}, ${severity}:`, entry.impacts[severity], check);
    case 'cause':
      return `${subject}, causes: ${entry.causes.join('; ')}.`;
    case 'general':
      return fit(`${subject}:`, entry.description, check);
    case 'actions':
      return actionsText(subject, chosenActions(playbook, entry));
  }
}
