import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ShareRow } from '@/lib/database/shares';

/** How long a password holds in a browser. */
const UNLOCKED_SECONDS = 12 * 60 * 60;
/** How long the browser is remembered as one that had it. */
const KEPT_SECONDS = 400 * 24 * 60 * 60;

type Locked = Pick<ShareRow, 'id' | 'passwordHash'>;

function cookieName({ id }: Locked): string {
  return `looktwice-share-${id}`;
}

/** Keyed with the password's hash, which only the server knows: another password makes earlier cookies worthless. */
function sign({ id, passwordHash }: Locked, until: string): Buffer {
  return createHmac('sha256', passwordHash ?? '')
    .update(`${id}.${until}`)
    .digest();
}

/** The `Set-Cookie` header that remembers that the password was given. */
export function unlockCookie(share: Locked, { secure, now = Date.now() }: { secure: boolean; now?: number }): string {
  const until = String(Math.floor(now / 1000) + UNLOCKED_SECONDS);
  const value = `${until}.${sign(share, until).toString('base64url')}`;
  const attributes = ['Path=/', `Max-Age=${KEPT_SECONDS}`, 'HttpOnly', 'SameSite=Lax', ...(secure ? ['Secure'] : [])];
  return [`${cookieName(share)}=${value}`, ...attributes].join('; ');
}

/** Until when a `Cookie` header says that the password was given, in ms since 1970; 0 when it does not. */
function unlockedUntil(share: Locked, cookieHeader: string | null): number {
  const prefix = `${cookieName(share)}=`;
  const value = (cookieHeader ?? '')
    .split(';')
    .map((cookie) => cookie.trim())
    .find((cookie) => cookie.startsWith(prefix))
    ?.slice(prefix.length);
  const [until = '', signature = ''] = value?.split('.') ?? [];
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(share, until);
  return given.length === expected.length && timingSafeEqual(given, expected) ? Number(until) * 1000 : 0;
}

/** Whether a `Cookie` header shows that the password was given; a link without one is never locked. */
export function isUnlocked(share: Locked, cookieHeader: string | null, now = Date.now()): boolean {
  return share.passwordHash === null || unlockedUntil(share, cookieHeader) > now;
}

/** Whether it was given once, however long ago. */
export function wasUnlocked(share: Locked, cookieHeader: string | null): boolean {
  return unlockedUntil(share, cookieHeader) > 0;
}
