import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { authMode } from './mode';
import { teamSettings } from './settings';

/** As long as browsers keep a cookie. */
const DEVICE_SECONDS = 400 * 24 * 3600;
const PREFIX = 'looktwice-device-';

const accountPart = (email: string): string =>
  createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 16);

function sign(id: string, account: string, secret = teamSettings().secret): Buffer {
  return createHmac('sha256', secret).update(`device ${id} ${account}`).digest();
}

/** The id of a device in a cookie that we signed for this account; null for anything else. */
function readDevice(account: string, value: string): string | null {
  const [id = '', signature = ''] = value.split('.');
  const given = Buffer.from(signature, 'base64url');
  const { secret, oldSecret } = teamSettings();
  const isOurs = [secret, oldSecret].some((each) => {
    const expected = each === null ? null : sign(id, account, each);
    return expected !== null && given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isOurs ? id : null;
}

function* deviceCookies(headers: Headers): Generator<[account: string, value: string]> {
  for (const cookie of (headers.get('cookie') ?? '').split(';').map((part) => part.trim())) {
    const [name = '', value = ''] = cookie.split(/=(.*)/s);
    if (name.startsWith(PREFIX)) {
      yield [name.slice(PREFIX.length), value];
    }
  }
}

/**
 * The device that sends these headers, if somebody has signed in from it before (to `email`, where it is given). It
 * says nothing about who is there now: it only lets tries from there be counted apart from those of strangers, who
 * could else keep everybody out by wrong passwords.
 */
export function knownDevice(headers: Headers, email?: string): string | null {
  if (authMode() === 'local') {
    return null;
  }
  for (const [account, value] of deviceCookies(headers)) {
    const device = email === undefined || account === accountPart(email) ? readDevice(account, value) : null;
    if (device !== null) {
      return device;
    }
  }
  return null;
}

/** The `Set-Cookie` header that makes a device known after a sign-in. */
export function deviceCookie(email: string): string {
  const account = accountPart(email);
  const id = randomBytes(16).toString('base64url');
  const attributes = ['Path=/', `Max-Age=${DEVICE_SECONDS}`, 'HttpOnly', 'SameSite=Lax'];
  const secure = teamSettings().url.protocol === 'https:' ? ['Secure'] : [];
  return [`${PREFIX}${account}=${id}.${sign(id, account).toString('base64url')}`, ...attributes, ...secure].join('; ');
}
