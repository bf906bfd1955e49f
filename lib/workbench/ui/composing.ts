/** The code that browsers give every key that goes to an input method. */
const TAKEN_BY_INPUT_METHOD = 229;

type Key = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>;

/**
 * Whether a key belongs to an input method, as the Enter that confirms a Chinese, Japanese or Korean candidate. Safari
 * ends the composition before that Enter and tells it by its old key code only.
 */
export function isInputMethodKey(event: Key): boolean {
  return event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD;
}
