import { authMode } from '@/lib/auth/mode';
import { teamSettings } from '@/lib/auth/settings';

/**
 * Whether the browser spoke https: LOOKTWICE_URL says so, or the proxy in front does (Next.js itself sets the header
 * otherwise).
 */
export function isSecureRequest(headers: Headers): boolean {
  if (authMode() === 'team' && teamSettings().url.protocol === 'https:') {
    return true;
  }
  return headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https';
}

/**
 * The address under which people reach this server, e.g. `http://127.0.0.1:3000`: with accounts LOOKTWICE_URL, whatever
 * Host a request claims.
 */
export function publicOrigin(headers: Headers): string {
  if (authMode() === 'team') {
    return teamSettings().url.origin;
  }
  const host = headers.get('host') ?? '127.0.0.1';
  const origin = `${isSecureRequest(headers) ? 'https' : 'http'}://${host}`;
  return URL.canParse(origin) ? new URL(origin).origin : 'http://127.0.0.1';
}
