import { matchesStroke, parseKeybinding, type Stroke } from './keybinding';
import { isEnabled, type Command, type CommandContext } from './registry';

type Bound = { command: Command; strokes: Stroke[] };

export type KeyOutcome =
  | { kind: 'none' }
  /** The first stroke of a chord: the second is awaited. */
  | { kind: 'chord'; strokes: Stroke[] }
  /** A chord was begun and the second stroke fits nothing. */
  | { kind: 'miss' }
  | { kind: 'run'; command: Command };

const PURE_MODIFIERS = new Set(['Control', 'Shift', 'Alt', 'Meta']);

/** Turns key events into commands, remembering the first stroke of a chord. Pure but for that memory. */
export class KeyDispatcher {
  readonly #bound: Bound[];
  readonly #mac: boolean;
  #pending: Stroke | null = null;

  constructor(commands: readonly Command[], mac: boolean) {
    this.#mac = mac;
    this.#bound = commands.flatMap((command) =>
      (command.keybindings ?? []).map((binding) => ({ command, strokes: parseKeybinding(binding) })),
    );
  }

  /** What a key event means in a context. */
  handle(event: KeyboardEvent, context: CommandContext): KeyOutcome {
    if (PURE_MODIFIERS.has(event.key)) {
      return { kind: 'none' };
    }
    const pending = this.#pending;
    this.#pending = null;
    const position = pending ? 1 : 0;
    const candidates = this.#bound.filter(({ command, strokes }) => {
      const stroke = strokes[position];
      const begun = !pending || strokes[0] === pending || sameStroke(strokes[0], pending);
      return (
        stroke !== undefined &&
        strokes.length > position &&
        begun &&
        (pending !== null || !context.typing || !isBare(stroke)) &&
        matchesStroke(stroke, event, this.#mac) &&
        isEnabled(command, context)
      );
    });
    const complete = candidates.find(({ strokes }) => strokes.length === position + 1);
    if (complete) {
      return { kind: 'run', command: complete.command };
    }
    const begins = candidates.find(({ strokes }) => strokes.length > position + 1)?.strokes[position];
    if (begins) {
      this.#pending = begins;
      return { kind: 'chord', strokes: [begins] };
    }
    return pending ? { kind: 'miss' } : { kind: 'none' };
  }
}

/** A stroke that would type a character: no Ctrl or Alt, and not a function key. */
function isBare(stroke: Stroke): boolean {
  return !stroke.mod && !stroke.alt && !/^f\d+$/.test(stroke.key);
}

function sameStroke(a: Stroke | undefined, b: Stroke): boolean {
  return a !== undefined && a.mod === b.mod && a.shift === b.shift && a.alt === b.alt && a.key === b.key;
}
