import { authMode } from './mode';
import { teamSettings } from './settings';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request may write: a browser tells where a write comes from (Sec-Fetch-Site, or Origin in old ones), and
 * only our own pages may. A client that sends neither is no browser and carries nobody's cookies by accident.
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
  if (!URL.canParse(origin)) {
    return false;
  }
  // A proxy in front may have put another Host: with accounts it is known what the browser shows.
  const isOurs = authMode() === 'team' && new URL(origin).origin === teamSettings().url.origin;
  return isOurs || new URL(origin).host === headers.get('host');
}

/** What a refused write answers: who set the server up finds here what to change. */
export const CROSS_ORIGIN_MESSAGE =
  'Writes are accepted from this site’s own pages only; behind a proxy, set LOOKTWICE_URL to the address that the browser shows, or let the proxy pass Host on';
