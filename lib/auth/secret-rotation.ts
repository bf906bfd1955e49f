import { createHmac, timingSafeEqual } from 'node:crypto';
import { teamSettings } from './settings';

/** As better-auth names and writes its cookie: `<token>.<base64 of HMAC-SHA256>`, escaped. */
const COOKIE = /^((?:__Secure-)?looktwice\.session_token)=(.*)$/s;

const sign = (token: string, secret: string): Buffer => createHmac('sha256', secret).update(token).digest();

function isSignedWith(secret: string, token: string, signature: string): boolean {
  const given = Buffer.from(signature, 'base64');
  const expected = sign(token, secret);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** A cookie that the old secret signed, as the new one would have signed it; any other as it is. */
function resign(cookie: string, old: string, secret: string): string {
  const [, name, value] = COOKIE.exec(cookie) ?? [];
  if (name === undefined || value === undefined) {
    return cookie;
  }
  let text: string;
  try {
    text = decodeURIComponent(value);
  } catch {
    return cookie;
  }
  const dot = text.lastIndexOf('.');
  const [token, signature] = [text.slice(0, dot), text.slice(dot + 1)];
  return dot > 0 && isSignedWith(old, token, signature)
    ? `${name}=${encodeURIComponent(`${token}.${sign(token, secret).toString('base64')}`)}`
    : cookie;
}

/**
 * The headers of a request for better-auth, which knows one secret: while LOOKTWICE_SECRET_OLD is set, sessions that it
 * signed go on. They end 14 days after their sign-in, so that after that time nothing needs the old secret any more.
 */
export function withCurrentSignature(headers: Headers): Headers {
  const { secret, oldSecret } = teamSettings();
  const cookies = headers.get('cookie');
  if (oldSecret === null || cookies === null) {
    return headers;
  }
  const changed = new Headers(headers);
  changed.set(
    'cookie',
    cookies
      .split(';')
      .map((cookie) => resign(cookie.trim(), oldSecret, secret))
      .join('; '),
  );
  return changed;
}
