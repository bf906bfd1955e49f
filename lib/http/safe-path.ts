/**
 * A path of this site out of untrusted text, for a redirect after a sign-in. `//other.example` and `/\other.example`
 * are not.
 */
export function safePath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])[\x20-\x7e]*$/.test(path) && !path.includes('\\') ? path : '/';
}
