/** Ids are 128 random bits in base64url (22 characters): not guessable, safe in a URL and in a file name. */
export const idPattern = /^[A-Za-z0-9_-]{22}$/;

/**
 * A fresh id; works in the browser and in Node. Clients make the ids of conversations and messages, so that a retry is
 * recognised.
 */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
