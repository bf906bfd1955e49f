import { AsyncLocalStorage } from 'node:async_hooks';
import { genericOAuth, type GenericOAuthConfig } from 'better-auth/plugins/generic-oauth';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { newId } from '@/lib/contract/ids';
import { findUser } from '@/lib/database/accounts';
import { recordAudit, type AuditSource } from '@/lib/database/audit';
import { authStore } from '@/lib/database/auth-store';
import { findInvitationFor, useInvitationsOf } from '@/lib/database/invitations';
import { log } from '@/lib/http/log';
import { passwordLength, type Role } from './contract';
import type { OidcSettings, TeamSettings } from './settings';

/** Name of the one identity provider, part of its callback's path. */
export const OIDC = 'oidc';

const SESSION_SECONDS = 14 * 24 * 3600;

type SignInSource = AsyncLocalStorage<AuditSource & { method: 'password' | typeof OIDC }>;
const holder = globalThis as typeof globalThis & { looktwiceSignInSource?: SignInSource };

/**
 * Where the sign-in that runs comes from, for the audit log. Kept on `globalThis`, since Next.js may load this module
 * once per route, and the accounts of the first one serve them all.
 */
export const signInSource = (holder.looktwiceSignInSource ??= new AsyncLocalStorage());

/**
 * Whether a person whom the provider vouches for may come in for the first time: with an invitation to that address, or
 * because LOOKTWICE_OIDC_ROLE lets everybody in. The provider must have verified the address, else anybody could take
 * another's invitation.
 */
async function admit(user: { email: string; emailVerified: boolean }, oidc: OidcSettings | null): Promise<Role> {
  const invitation = user.emailVerified ? await findInvitationFor(user.email, new Date()) : null;
  const role = invitation?.role ?? (user.emailVerified ? oidc?.role : null) ?? null;
  if (role === null) {
    throw new APIError('FORBIDDEN', { code: 'not_invited', message: 'Nobody has invited this address' });
  }
  return role;
}

function provider(oidc: OidcSettings): GenericOAuthConfig<typeof OIDC> {
  return {
    providerId: OIDC,
    name: oidc.name,
    discoveryUrl: `${oidc.issuer}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    requireIdTokenVerification: true,
    disableProviderLogout: true,
  };
}

/**
 * better-auth, set up for accounts that are made by invitation only. Its own routes are not served: ours call it
 * (app/api/auth).
 */
export function createAuth({ url, secret, oidc }: TeamSettings) {
  return betterAuth({
    appName: 'LookTwice',
    baseURL: url.origin,
    basePath: '/api/auth',
    secret,
    trustedOrigins: [url.origin],
    telemetry: { enabled: false },
    database: authStore(),
    logger: { log: (level, message) => log[level]({ from: 'better-auth' }, message) },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    user: {
      additionalFields: {
        role: { type: 'string', required: false, input: false },
        disabledAt: { type: 'date', required: false, input: false },
      },
    },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
    account: { accountLinking: { enabled: true } },
    // The routes limit the rate themselves (lib/handler/route).
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'looktwice',
      useSecureCookies: url.protocol === 'https:',
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => newId() },
    },
    plugins: oidc === null ? [] : [genericOAuth({ config: [provider(oidc)] })],
    databaseHooks: {
      user: {
        create: {
          before: async (user) => ({ data: { ...user, role: await admit(user, oidc) } }),
          after: async (user) => useInvitationsOf(user.email, new Date()),
        },
      },
      account: {
        // Nothing is asked of the provider later, so its tokens are not kept.
        create: {
          before: async (account) => ({ data: { ...account, accessToken: null, refreshToken: null, idToken: null } }),
        },
        update: {
          before: async (account) => ({ data: { ...account, accessToken: null, refreshToken: null, idToken: null } }),
        },
      },
      session: {
        create: {
          before: async ({ userId }) => {
            if ((await findUser(userId))?.disabledAt !== null) {
              throw new APIError('FORBIDDEN', { code: 'disabled', message: 'This account is disabled' });
            }
          },
          after: async ({ userId }) => {
            const { method = 'password', ...source } = signInSource.getStore() ?? {};
            await recordAudit({
              ...source,
              actorId: userId,
              action: 'session.create',
              targetType: 'user',
              targetId: userId,
              detail: { method },
            });
          },
        },
      },
    },
  });
}

export type Auth = ReturnType<typeof createAuth>;
