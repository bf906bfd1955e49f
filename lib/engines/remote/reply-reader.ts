import { type RawBox, boxesIn } from './boxes';

/** What may open a piece that is meant for programs: a code block, a JSON value, a model's own box and mask tokens. */
const OPENERS = ['```', '[{', '[[', '{"', "{'", '<|box', '<|object', '<box', '<seg', '[SEG]', '{\n', '[\n'] as const;
const LONGEST = Math.max(...OPENERS.map((each) => each.length));
/** What is longer is text, whatever it looks like. */
const MAX_HELD = 6_000;

/** How an answer that is read piece by piece goes on: text to show, and places that it names. */
export type Read = { text: string; boxes: RawBox[]; segs: number };

const TAGGED = /^<\|?(?:box|object)[^>]*>/;

/** The end of the piece that begins the text, exclusive; undefined while it is not complete. */
function endOf(text: string): number | undefined {
  if (text.startsWith('```')) {
    const end = text.indexOf('```', 3);
    return end < 0 ? undefined : end + 3;
  }
  if (text.startsWith('[SEG]')) {
    return '[SEG]'.length;
  }
  if (text.startsWith('<seg')) {
    const end = text.indexOf('>');
    return end < 0 ? undefined : end + 1;
  }
  if (text.startsWith('<')) {
    const end = /<\|(?:box|object_ref)_end\|>|<\/box>/.exec(text);
    return end === null ? undefined : end.index + end[0].length;
  }
  let [depth, quoted] = [0, false];
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '\\') {
      index += 1;
    } else if (character === '"') {
      quoted = !quoted;
    } else if (!quoted && (character === '[' || character === '{')) {
      depth += 1;
    } else if (!quoted && (character === ']' || character === '}')) {
      depth -= 1;
      if (depth === 0) {
        return index + 1;
      }
    }
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The boxes of a complete piece; null where it is no such piece, but text. */
function boxesOf(piece: string): RawBox[] | null {
  if (TAGGED.test(piece)) {
    const numbers = [...piece.matchAll(/-?\d+(?:\.\d+)?/g)].map(([each]) => Number(each));
    const quads = Array.from({ length: Math.floor(numbers.length / 4) }, (_, i) => numbers.slice(4 * i, 4 * i + 4));
    return piece.includes('object') ? [] : boxesIn(quads);
  }
  const inner = piece.startsWith('```') ? piece.replace(/^```\w*\s*|\s*```$/g, '') : piece;
  const boxes = boxesIn(parseJson(inner));
  return boxes.length === 0 ? null : boxes;
}

/**
 * Reads an answer as it comes: text for people goes through, and what is written for programs (JSON with boxes, box
 * tokens, `<seg>`) is taken out. A piece is held back until it is known which of them it is.
 */
export class ReplyReader {
  private held = '';

  push(delta: string): Read {
    this.held += delta;
    return this.take(false);
  }

  /** The rest, at the end of the answer. */
  end(): Read {
    return this.take(true);
  }

  private take(isOver: boolean): Read {
    const read: Read = { text: '', boxes: [], segs: 0 };
    for (;;) {
      const at = firstOpener(this.held);
      if (at < 0) {
        // The end may be the beginning of an opener.
        const kept = isOver ? 0 : openerPrefix(this.held);
        read.text += this.held.slice(0, this.held.length - kept);
        this.held = this.held.slice(this.held.length - kept);
        return read;
      }
      read.text += this.held.slice(0, at);
      this.held = this.held.slice(at);
      const end = endOf(this.held);
      if (end === undefined && !isOver && this.held.length < MAX_HELD) {
        return read;
      }
      this.settle(read, end);
    }
  }

  /** Decides about the piece at the start of what is held. */
  private settle(read: Read, end: number | undefined): void {
    const piece = this.held.slice(0, end ?? 1);
    this.held = this.held.slice(piece.length);
    if (end !== undefined && (piece === '[SEG]' || piece.startsWith('<seg'))) {
      read.segs += 1;
      return;
    }
    const boxes = end === undefined ? null : boxesOf(piece);
    if (boxes === null) {
      read.text += piece;
    } else {
      read.boxes.push(...boxes);
    }
  }
}

function firstOpener(text: string): number {
  const found = OPENERS.map((opener) => text.indexOf(opener)).filter((index) => index >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

function openerPrefix(text: string): number {
  for (let length = Math.min(LONGEST - 1, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (OPENERS.some((opener) => opener.startsWith(end))) {
      return length;
    }
  }
  return 0;
}
