const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether the Host header names this machine. A page of another site whose name was made to point here (DNS rebinding)
 * sends its own name, so checking the header keeps it out, although its requests look same-origin to the browser.
 */
export function isLoopbackHost(host: string | null): boolean {
  if (host === null || !URL.canParse(`http://${host}`)) {
    return false;
  }
  return LOOPBACK_NAMES.has(new URL(`http://${host}`).hostname);
}
