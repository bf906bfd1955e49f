import { log } from '@/lib/http/log';
import { accounts } from './auth';
import { isLoopbackHost } from './loopback';
import { authMode } from './mode';
import { teamSettings } from './settings';

/** The address that `next start` was told to listen on; without one it listens on all. */
function listenAddress(argv: readonly string[]): string {
  const at = argv.findIndex((argument) => /^(-H|--hostname)(=|$)/.test(argument));
  const argument = argv[at] ?? '';
  return argument.includes('=') ? argument.slice(argument.indexOf('=') + 1) : (at >= 0 && argv[at + 1]) || '0.0.0.0';
}

/**
 * Before the server answers: refuses to serve other machines without accounts, and in team mode checks the settings and
 * asks the identity provider for its addresses. A provider that does not answer is asked again at the first sign-in.
 * @throws Error that says which setting to change
 */
export async function prepareAccess(argv: readonly string[]): Promise<void> {
  if (authMode() === 'local') {
    const address = listenAddress(argv);
    const host = address.includes(':') ? `[${address}]` : address;
    if (!isLoopbackHost(host)) {
      throw new Error(
        `Listening on ${address} would serve other machines without accounts: set LOOKTWICE_MODE=team, or listen on 127.0.0.1`,
      );
    }
    return;
  }
  const { url, oidc } = teamSettings();
  if (url.protocol === 'http:' && !isLoopbackHost(url.host)) {
    log.warn('LOOKTWICE_URL is http: passwords and sessions cross the network unencrypted; put a TLS proxy in front');
  }
  const context = await (await accounts()).$context;
  log.info({ url: url.origin, singleSignOn: oidc !== null && context.socialProviders.length > 0 }, 'team mode');
}
