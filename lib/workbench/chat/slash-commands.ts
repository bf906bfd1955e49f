/** A `/command` of the composer: a short way to ask a common question. What follows it is added to the question. */
export type SlashCommand = { name: string; title: string; needsImage: boolean; prompt: (rest: string) => string };

const withRest = (prompt: string) => (rest: string) => (rest ? `${prompt} ${rest}` : prompt);

export const slashCommands: readonly SlashCommand[] = [
  {
    name: 'inspect',
    title: 'Look for any anomaly and say where it is',
    needsImage: true,
    prompt: withRest('Is there any anomaly in this image? If so, describe it and show where it is.'),
  },
  {
    name: 'segment',
    title: 'Mark the anomalous region',
    needsImage: true,
    prompt: withRest('Segment the anomalous region in this image.'),
  },
  {
    name: 'impact',
    title: 'What the defect does to function, safety and life',
    needsImage: false,
    prompt: withRest('What impact can this defect have on function, safety and service life?'),
  },
  {
    name: 'actions',
    title: 'What to do about it, as a checklist',
    needsImage: false,
    prompt: withRest('What corrective actions do you recommend for this defect?'),
  },
  {
    name: 'compare',
    title: 'Compare with a normal reference image',
    needsImage: true,
    prompt: withRest('Compare this image with the normal reference. What is different?'),
  },
];

/** Replaces a leading `/command` by its question; other text stays as it is. */
export function expandSlashCommand(text: string): string {
  const match = /^\/([a-z]+)(?:\s+([\s\S]*))?$/.exec(text.trim());
  const command = match && slashCommands.find(({ name }) => name === match[1]);
  return command ? command.prompt((match[2] ?? '').trim()) : text;
}

/** What is being completed at the caret: a slash command at the start of the text, or a `#image` mention after a space. */
export type Completing = { kind: 'slash' | 'image'; query: string; start: number; end: number };

/** The completion that the caret asks for, if any. */
export function completionAt(text: string, caret: number): Completing | null {
  const before = text.slice(0, caret);
  const slash = /^\/([a-z]*)$/.exec(before);
  if (slash) {
    return { kind: 'slash', query: slash[1] ?? '', start: 0, end: caret };
  }
  const mention = /(?:^|\s)#([^\s#]*)$/.exec(before);
  if (mention) {
    const query = mention[1] ?? '';
    return { kind: 'image', query, start: caret - query.length - 1, end: caret };
  }
  return null;
}
