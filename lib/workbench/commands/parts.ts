/** The parts of the window that F6 walks through, in reading order. */
const PARTS = [
  '[data-part=activity]',
  '[data-part=side]',
  '[data-part=editor]',
  '[data-part=panel]',
  '[data-part=chat]',
  '[data-part=status]',
];

const FOCUSABLE = 'textarea, input:not([type=file]), button:not(:disabled), [tabindex="0"], select, a[href]';

function focusInside(part: Element): boolean {
  const wanted =
    part.querySelector<HTMLElement>('[data-composer], [role=application]') ??
    part.querySelector<HTMLElement>(FOCUSABLE);
  wanted?.focus();
  return wanted !== null;
}

/** Moves the focus to the next (1) or previous (-1) part that is shown. */
export function focusPart(step: 1 | -1): void {
  const parts = PARTS.flatMap((selector) => [...document.querySelectorAll(selector)]).filter(
    (part) => part.getClientRects().length > 0,
  );
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  for (let hop = 1; hop <= parts.length; hop += 1) {
    const part = parts[(at + step * hop + parts.length * (hop + 1)) % parts.length];
    if (part && focusInside(part)) {
      return;
    }
  }
}

/** How long a view may take to load before the focus is no longer moved into it. */
const WAIT_MS = 10_000;

/** Tries now and after each change of the page until `attempt` succeeds: a view may load its code and data first. */
function untilItWorks(attempt: () => boolean): void {
  if (attempt()) {
    return;
  }
  const observer = new MutationObserver(() => {
    if (attempt()) {
      stop();
    }
  });
  const timer = setTimeout(() => observer.disconnect(), WAIT_MS);
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
  };
  observer.observe(document.body, { childList: true, subtree: true });
}

/** Puts the focus into one part as soon as it is rendered. */
export function focusPartNamed(name: 'side' | 'editor' | 'panel' | 'chat'): void {
  requestAnimationFrame(() =>
    untilItWorks(() => {
      const part = document.querySelector(`[data-part=${name}]`);
      return part !== null && focusInside(part);
    }),
  );
}

/** Puts the focus onto an element as soon as it is there. */
export function focusWhenThere(selector: string): void {
  untilItWorks(() => {
    const element = document.querySelector<HTMLElement>(selector);
    element?.focus();
    return element !== null;
  });
}
