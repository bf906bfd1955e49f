/**
 * Control characters but for tabs and line breaks: a terminal would obey them. And marks that turn the direction of
 * what follows them.
 */
const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** A server's text without what is for terminals or reorders the words around it. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, (each) => (each === '\n' || each === '\t' ? each : ''));
}

/**
 * Takes a key out of a text that comes in pieces: a server that repeats what it was sent would put it before whoever
 * may ask, and into the conversation. What may be the key's beginning is held back until it is known.
 */
export class WithoutKey {
  private held = '';

  constructor(private readonly key: string | undefined) {}

  /** @returns what is no part of the key */
  push(delta: string): string {
    const { key } = this;
    if (key === undefined || key === '') {
      return delta;
    }
    const text = (this.held + delta).replaceAll(key, '…');
    let kept = Math.min(key.length - 1, text.length);
    while (kept > 0 && !key.startsWith(text.slice(-kept))) {
      kept -= 1;
    }
    this.held = text.slice(text.length - kept);
    return text.slice(0, text.length - kept);
  }

  /** The rest, at the end of the answer. */
  end(): string {
    const rest = this.held;
    this.held = '';
    return rest;
  }
}
