import { APIError } from 'better-auth/api';
import { endSessions } from '@/lib/database/accounts';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { AppError } from '@/lib/http/app-error';
import { networkOf } from '@/lib/http/network';
import { limitRate } from '@/lib/http/rate-limit';
import { accounts } from './auth';
import { OIDC, signInSource } from './better-auth';
import { deviceCookie, knownDevice } from './known-device';
import { requireTeam } from './mode';
import type { Principal } from './principal';
import { withCurrentSignature } from './secret-rotation';

/**
 * Tries on one account from one network (or, apart from those, from a device that signed in before): nobody uses up
 * another's.
 */
const PER_ACCOUNT = { name: 'sign-in to one account', burst: 10, perMinute: 2 };
/**
 * Tries on one account from all networks together, known devices not counted: many addresses do not make guessing fast.
 */
const FROM_ANYWHERE = { name: 'sign-in from anywhere', burst: 100, perMinute: 20 };

function limitTries(email: string, headers: Headers, address: string | undefined): void {
  const device = knownDevice(headers, email);
  if (device !== null) {
    limitRate(`${email} device ${device}`, PER_ACCOUNT);
    return;
  }
  limitRate(`${email} ${networkOf(address ?? '')}`, PER_ACCOUNT);
  limitRate(email, FROM_ANYWHERE);
}

/** Copies the cookies that better-auth sets onto our answer. */
function withCookies(response: Response, from: Headers): Response {
  for (const cookie of from.getSetCookie()) {
    response.headers.append('set-cookie', cookie);
  }
  return response;
}

/** better-auth's refusals (a wrong password, a disabled person) as one answer that does not tell them apart. */
async function refused<Result>(
  work: Promise<Result>,
  message: string,
  code: 'unauthorized' | 'invalid_request' = 'unauthorized',
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof APIError && error.statusCode < 500 ? new AppError(code, message, { cause: error }) : error;
  }
}

/**
 * Signs in with a password: sets the session's cookie. What is wrong, the address or the password, is not told, and
 * takes the same time (better-auth hashes for unknown addresses too).
 * @throws AppError unauthorized, too_many_requests
 */
export async function signIn(
  { email, password }: { email: string; password: string },
  headers: Headers,
  source: AuditSource,
): Promise<Response> {
  requireTeam();
  limitTries(email, headers, source.address);
  const { api } = await accounts();
  try {
    const { headers: cookies } = await signInSource.run({ ...source, method: 'password' }, () =>
      refused(
        api.signInEmail({ body: { email, password }, headers, returnHeaders: true }),
        'The address or the password is wrong: try again, or ask an administrator for a new invitation',
      ),
    );
    const response = withCookies(Response.json({ signedIn: true }), cookies);
    if (knownDevice(headers, email) === null) {
      response.headers.append('set-cookie', deviceCookie(email));
    }
    return response;
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthorized') {
      await recordAudit({
        ...source,
        actorId: null,
        action: 'session.refuse',
        targetType: 'address',
        targetId: email,
        detail: { method: 'password' },
      });
    }
    throw error;
  }
}

/**
 * Begins a sign-in at the identity provider: where the browser has to go, and the cookie that ties its return to this
 * browser.
 */
export async function startOidc(headers: Headers): Promise<Response> {
  requireTeam();
  const { api } = await accounts();
  const { headers: cookies, response } = await refused(
    api.signInSocial({
      body: { provider: OIDC, callbackURL: '/', errorCallbackURL: '/sign-in', disableRedirect: true },
      headers,
      returnHeaders: true,
    }),
    'There is no single sign-on here, or its provider does not answer: use a password',
    'invalid_request',
  );
  return withCookies(Response.json({ url: response.url }), cookies);
}

/**
 * The browser's return from the identity provider; redirects to the workbench, or to the sign-in page with `?error=`.
 */
export async function finishOidc(request: Request, source: AuditSource): Promise<Response> {
  requireTeam();
  const auth = await accounts();
  const response = await signInSource.run({ ...source, method: OIDC }, () => auth.handler(request));
  // Anything but its redirect would show better-auth's own words.
  const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
  const headers = { location: location ?? '/sign-in?error=sign_in_failed', 'cache-control': 'no-store' };
  return withCookies(new Response(null, { status: 303, headers }), response.headers);
}

/** Ends the session of these headers, or all of the person. */
export async function signOut(
  { userId }: Principal,
  everywhere: boolean,
  headers: Headers,
  source: AuditSource,
): Promise<Response> {
  requireTeam();
  const { headers: cookies } = await (
    await accounts()
  ).api.signOut({ headers: withCurrentSignature(headers), returnHeaders: true });
  if (everywhere) {
    await endSessions(userId);
  }
  await recordAudit({
    ...source,
    actorId: userId,
    action: 'session.end',
    targetType: 'user',
    targetId: userId,
    detail: { everywhere },
  });
  return withCookies(Response.json({ signedOut: true }), cookies);
}

/** Changes one's own password, and ends all other sessions. */
export async function changePassword(
  { userId }: Principal,
  { current, password }: { current: string; password: string },
  headers: Headers,
  source: AuditSource,
): Promise<Response> {
  requireTeam();
  limitRate(userId, PER_ACCOUNT);
  const { api } = await accounts();
  const { headers: cookies } = await refused(
    api.changePassword({
      body: { currentPassword: current, newPassword: password, revokeOtherSessions: true },
      headers: withCurrentSignature(headers),
      returnHeaders: true,
    }),
    'The current password is wrong: nothing was changed',
    'invalid_request',
  );
  await recordAudit({ ...source, actorId: userId, action: 'password.change', targetType: 'user', targetId: userId });
  return withCookies(Response.json({ changed: true }), cookies);
}
