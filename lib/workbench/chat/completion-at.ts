/**
 * What is being completed at the caret: a slash command at the start of the text, or a `#image` mention after a space.
 */
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
