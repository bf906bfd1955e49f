import { messageOf } from '@/lib/common/message-of';
import { environment, setting, type Environment } from '@/lib/env';
import type { SettingName, SettingValue } from '@/lib/env/settings';
import type { Role } from './contract';

/**
 * The settings of team mode (`lib/env/settings.ts` says what each means). They come from the environment alone: nothing
 * secret is in the database, in a file of the repository, or reachable by a route.
 */
export type TeamSettings = { url: URL; secret: string; oldSecret: string | null; oidc: OidcSettings | null };

export type OidcSettings = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  name: string;
  role: Exclude<Role, 'admin'> | null;
};

/** The value of a setting that team mode cannot do without. */
function required<Name extends SettingName>(name: Name, env: Environment): SettingValue<Name> {
  const value = setting(name, env);
  if (value === undefined) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

function readOidc(env: Environment): OidcSettings | null {
  if (setting('LOOKTWICE_OIDC_ISSUER', env) === undefined) {
    return null;
  }
  return {
    issuer: required('LOOKTWICE_OIDC_ISSUER', env).replace(/\/$/, ''),
    clientId: required('LOOKTWICE_OIDC_CLIENT_ID', env),
    clientSecret: required('LOOKTWICE_OIDC_CLIENT_SECRET', env),
    name: setting('LOOKTWICE_OIDC_NAME', env) ?? 'single sign-on',
    role: setting('LOOKTWICE_OIDC_ROLE', env) ?? null,
  };
}

/** The site's address: a scheme and a host, since pages and links are made for the root of a host. */
function readUrl(env: Environment): URL {
  const url = new URL(required('LOOKTWICE_URL', env));
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new Error(
      'LOOKTWICE_URL must be a scheme and a host alone, without a path: give LookTwice a host of its own',
    );
  }
  return url;
}

/** @throws Error naming the first setting that is missing or wrong, and never its value */
export function teamSettings(env: Environment = environment()): TeamSettings {
  try {
    return {
      url: readUrl(env),
      secret: required('LOOKTWICE_SECRET', env),
      oldSecret: setting('LOOKTWICE_SECRET_OLD', env) ?? null,
      oidc: readOidc(env),
    };
  } catch (error) {
    throw new Error(`LOOKTWICE_MODE=team: ${messageOf(error)}`);
  }
}
