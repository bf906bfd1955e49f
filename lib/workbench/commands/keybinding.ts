/**
 * Keybindings as text: `mod+shift+p`, or a chord of two strokes `mod+k mod+s`. `mod` is Command on a Mac and Ctrl
 * elsewhere. Browsers keep Ctrl+W, Ctrl+T and Ctrl+N for themselves, so a binding to one of these would be a lie;
 * `parseKeybinding` refuses it.
 */
export type Stroke = { mod: boolean; shift: boolean; alt: boolean; key: string };

const RESERVED = new Set(['w', 't', 'n']);

const LABELS: Record<string, string> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  escape: 'Esc',
  enter: 'Enter',
  ' ': 'Space',
  delete: 'Delete',
  pagedown: 'PgDn',
  pageup: 'PgUp',
};

/**
 * Parses a keybinding into its strokes.
 * @throws Error when a stroke names no key, or names one that browsers never hand to a page.
 */
export function parseKeybinding(binding: string): Stroke[] {
  return binding.split(' ').map((text) => {
    const parts = text.toLowerCase().split('+');
    const key = parts.at(-1) === '' ? '+' : (parts.at(-1) ?? '');
    const stroke = { mod: parts.includes('mod'), shift: parts.includes('shift'), alt: parts.includes('alt'), key };
    if (key === '' || key === 'mod' || key === 'shift' || key === 'alt') {
      throw new Error(`Keybinding "${binding}": the stroke "${text}" names no key.`);
    }
    if (stroke.mod && !stroke.alt && RESERVED.has(key)) {
      throw new Error(`Keybinding "${binding}": browsers keep this one for themselves; choose another.`);
    }
    return stroke;
  });
}

type KeyEvent = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** The key an event stands for, independent of Shift and (for letters and digits) of what Alt composes. */
function keyOf(event: KeyEvent): string {
  const code = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code);
  // A letter typed on a non-Latin layout, or composed by Alt on a Mac, still means its key.
  if (code && (event.altKey || event.shiftKey || event.key.charCodeAt(0) > 127)) {
    return (code[1] ?? code[2] ?? '').toLowerCase();
  }
  return event.key.toLowerCase();
}

/** Whether a key event is this stroke. */
export function matchesStroke(stroke: Stroke, event: KeyEvent, mac: boolean): boolean {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  const symbol = /^[^a-z0-9]$/.test(stroke.key);
  return (
    mod === stroke.mod &&
    !other &&
    event.altKey === stroke.alt &&
    // "+" and "?" need Shift on many layouts: the symbol itself decides.
    (symbol || event.shiftKey === stroke.shift) &&
    keyOf(event) === stroke.key
  );
}

/** The keycaps of one stroke, in the platform's words. */
export function strokeLabels(stroke: Stroke, mac: boolean): string[] {
  const key = LABELS[stroke.key] ?? (stroke.key.length === 1 ? stroke.key.toUpperCase() : capitalise(stroke.key));
  return [
    ...(stroke.mod ? [mac ? '⌘' : 'Ctrl'] : []),
    ...(stroke.alt ? [mac ? '⌥' : 'Alt'] : []),
    ...(stroke.shift ? [mac ? '⇧' : 'Shift'] : []),
    key,
  ];
}

/** A keybinding as shown in menus and tooltips: `Ctrl+Shift+P`, `⇧⌘P`, `Ctrl+K Ctrl+S`. */
export function formatKeybinding(binding: string, mac: boolean): string {
  return parseKeybinding(binding)
    .map((stroke) => strokeLabels(stroke, mac).join(mac ? '' : '+'))
    .join(' ');
}

/** The value for `aria-keyshortcuts`, which knows single strokes only. */
export function ariaKeybinding(binding: string, mac: boolean): string | undefined {
  const strokes = parseKeybinding(binding);
  const [stroke] = strokes;
  if (!stroke || strokes.length > 1) {
    return undefined;
  }
  const mod = mac ? 'Meta' : 'Control';
  return [stroke.mod && mod, stroke.alt && 'Alt', stroke.shift && 'Shift', capitalise(stroke.key)]
    .filter(Boolean)
    .join('+');
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
