import { environment, setting, type Environment } from '@/lib/env';

/** A year: as long as browsers are to refuse unencrypted connections to the site once they have been there. */
const YEAR_SECONDS = 365 * 24 * 3600;

/** What every answer says about the way to the site: behind TLS (LOOKTWICE_URL is https), that there is no other. */
export function transportHeaders(env: Environment = environment()): Record<string, string> {
  const isSecure =
    setting('LOOKTWICE_MODE', env) === 'team' && setting('LOOKTWICE_URL', env)?.startsWith('https://') === true;
  return isSecure ? { 'strict-transport-security': `max-age=${YEAR_SECONDS}` } : {};
}
