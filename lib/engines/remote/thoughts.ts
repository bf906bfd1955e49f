const OPENERS = ['<think>', '<thinking>'] as const;
const LONGEST = '</thinking>'.length;

/**
 * Takes a model's thoughts (`<think>…</think>`) out of an answer as it comes: they are not for people, however long
 * they are and whether they end or not.
 */
export class Thoughts {
  /** Whether there were any. */
  seen = false;
  private held = '';
  /** What ends the thought that is being read. */
  private closer: string | null = null;

  /** @returns what is no thought */
  push(delta: string): string {
    this.held += delta;
    return this.take();
  }

  /** The rest, at the end of the answer. */
  end(): string {
    const rest = this.closer === null ? this.held : '';
    this.held = '';
    return rest;
  }

  private take(): string {
    let text = '';
    for (;;) {
      const wanted: readonly string[] = this.closer === null ? OPENERS : [this.closer];
      const found = firstOf(this.held, wanted);
      if (found === undefined) {
        // The end may be the beginning of a tag.
        const kept = prefixAtEnd(this.held, wanted);
        text += this.closer === null ? this.held.slice(0, this.held.length - kept) : '';
        this.held = this.held.slice(this.held.length - kept);
        return text;
      }
      const { tag, at } = found;
      text += this.closer === null ? this.held.slice(0, at) : '';
      this.held = this.held.slice(at + tag.length);
      this.closer = this.closer === null ? tag.replace('<', '</') : null;
      this.seen = true;
    }
  }
}

function firstOf(text: string, tags: readonly string[]): { tag: string; at: number } | undefined {
  const [first] = tags
    .map((tag) => ({ tag, at: text.indexOf(tag) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  return first;
}

/** How many characters at the end of a text may begin one of the tags. */
function prefixAtEnd(text: string, tags: readonly string[]): number {
  for (let length = Math.min(LONGEST - 1, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (tags.some((tag) => tag.startsWith(end))) {
      return length;
    }
  }
  return 0;
}
