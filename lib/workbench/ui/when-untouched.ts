const EVENTS = ['focusin', 'focusout', 'pointerup', 'pointercancel'] as const;

/**
 * Runs a task as soon as no element that matches has the focus or is pressed: at once, or when focus and pointer have
 * left.
 */
export function whenUntouched(selector: string, task: () => void): void {
  const isTouched = () =>
    document.activeElement?.matches(selector) === true || document.querySelector(`:is(${selector}):active`) !== null;
  if (!isTouched()) {
    task();
    return;
  }
  const once = new AbortController();
  // After the event: by then the focus has moved and the click was handled.
  const look = () =>
    setTimeout(() => {
      if (!once.signal.aborted && !isTouched()) {
        once.abort();
        task();
      }
    });
  EVENTS.forEach((event) => document.addEventListener(event, look, { signal: once.signal }));
}
