/** What a `/command` asks for. Isomorphic: the composer completes them, the server expands them. */
export type CommandName = 'inspect' | 'segment' | 'impact' | 'actions' | 'compare';

export type Command = { name: CommandName; title: string; needsImage: boolean; question: string };

/** The commands of a message; what follows one is added to its question. */
export const commands: readonly Command[] = [
  {
    name: 'inspect',
    title: 'Look for any anomaly and say where it is',
    needsImage: true,
    question: 'Is there any anomaly in this image? If so, describe it and show where it is.',
  },
  {
    name: 'segment',
    title: 'Mark the anomalous region',
    needsImage: true,
    question: 'Segment the anomalous region in this image.',
  },
  {
    name: 'impact',
    title: 'What the defect does to function, safety and life',
    needsImage: false,
    question: 'What impact can this defect have on function, safety and service life?',
  },
  {
    name: 'actions',
    title: 'What to do about it, as a checklist',
    needsImage: false,
    question: 'What corrective actions do you recommend for this defect?',
  },
  {
    name: 'compare',
    title: 'Compare with a normal reference image',
    needsImage: true,
    question: 'Compare this image with the normal reference. What is different?',
  },
];

export type ExpandedText = { command: CommandName | null; question: string };

/** The question behind a text: a leading `/command` is replaced by its question, other text stays as it is. */
export function expandCommand(text: string): ExpandedText {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(text.trim());
  const command = commands.find(({ name }) => name === match?.[1]);
  if (command === undefined) {
    return { command: null, question: text.trim() };
  }
  const rest = match?.[2]?.trim() ?? '';
  return { command: command.name, question: rest === '' ? command.question : `${command.question} ${rest}` };
}
