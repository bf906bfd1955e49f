/**
 * Goes to another page of this site with a full load: a change of who is signed in leaves nothing of the page in
 * memory.
 */
export function goTo(path: string): void {
  location.assign(new URL(path, location.origin));
}
