const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request may write: a browser tells where a write comes from (Sec-Fetch-Site, or Origin in old ones), and only our own pages may. A client
 * that sends neither is no browser and carries nobody's cookies by accident.
 */
export function isSameOriginWrite(method: string, headers: Headers): boolean {
  if (SAFE_METHODS.has(method)) {
    return true;
  }
  const site = headers.get('sec-fetch-site');
  if (site !== null) {
    return site === 'same-origin' || site === 'none';
  }
  const origin = headers.get('origin');
  if (origin === null) {
    return true;
  }
  return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}
