/** Names that a sentence tells; further ones are an ellipsis. */
const SHOWN = 3;

/**
 * How many there are and which: "1 image (a.png)", "4 images (a.png, b.png, c.png, …)".
 * @param one what one of them is called, `many` what several are
 */
export function someNamed(names: readonly string[], one: string, many = `${one}s`): string {
  const more = names.length > SHOWN ? ', …' : '';
  return `${names.length} ${names.length === 1 ? one : many} (${names.slice(0, SHOWN).join(', ')}${more})`;
}
