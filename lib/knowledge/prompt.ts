import { ACTION_KINDS, type ActionKind } from './action-kinds';
import type { Playbook, PlaybookEntry, Severity, Topic } from './schema';

/** About 90 tokens of SmolLM2. */
const MAX_WORDS = 58;
const ACTION_LABELS: Record<ActionKind, string> = {
  containment: 'contain',
  corrective: 'correct',
  preventive: 'prevent',
};
type ChosenActions = Map<ActionKind, string[]>;

const countWords = (text: string) => text.split(/\s+/).filter(Boolean).length;

/** What an entry is about: `crack in ceramic`, `anomaly in glass`, `scratch on a part`. */
export function entrySubject({ materials }: Pick<Playbook, 'materials'>, entry: PlaybookEntry): string {
  const defect = entry.defect === 'unknown' ? 'anomaly' : entry.defect;
  const label = materials.find(({ name }) => name === entry.materials[0])?.label ?? 'part';
  return label === 'part' ? `${defect} on a part` : `${defect} in ${label}`;
}

function actionsText(subject: string, chosen: ChosenActions): string {
  return `${subject}, actions: ${[...chosen].map(([kind, items]) => `${ACTION_LABELS[kind]}: ${items.join('; ')}.`).join(' ')}`;
}

/** The actions that fit into the prompt: one of each of `kinds`, then second ones in order as long as there is room. */
export function chosenActions(
  playbook: Pick<Playbook, 'materials'>,
  entry: PlaybookEntry,
  kinds: readonly ActionKind[] = ACTION_KINDS,
): ChosenActions {
  const subject = entrySubject(playbook, entry);
  let chosen: ChosenActions = new Map(kinds.map((kind) => [kind, entry[kind].slice(0, 1)]));
  for (const kind of kinds) {
    const longer = new Map(chosen).set(kind, entry[kind].slice(0, 2));
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
 * One compact line of an entry for ` [playbook: ...]`, at most 90 tokens, of the actions only those of `kinds`; the
 * words that the model was trained to rephrase (`entry_for_prompt` in instruct/playbook.py gives the same).
 */
export function entryForPrompt(
  playbook: Pick<Playbook, 'materials'>,
  entry: PlaybookEntry,
  topic: Topic,
  severity: Severity,
  kinds: readonly ActionKind[] = ACTION_KINDS,
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
      return actionsText(subject, chosenActions(playbook, entry, kinds));
  }
}
