import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { environment, setting, type Environment } from '../env';

/** Node.js says here that a request has come, before anything of the server has seen it. */
const CHANNEL = 'http.server.request.start';
/** What only a proxy may claim. */
const CLAIMS = ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'forwarded'];

/**
 * Puts the address of the connection in the place of what the client claims in X-Forwarded-For, which Next.js would
 * believe: else one client could pass for as many as it likes, and the limits per address would hold nobody. With
 * LOOKTWICE_PROXY=1 the claims stay, since a proxy in front makes them.
 * @returns ends it
 */
export function useTrueAddresses(env: Environment = environment()): () => void {
  if (setting('LOOKTWICE_PROXY', env) === true) {
    return () => undefined;
  }
  const correct = (message: unknown): void => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    for (const name of CLAIMS) {
      delete request.headers[name];
    }
    request.headers['x-forwarded-for'] = socket.remoteAddress ?? 'gone';
  };
  subscribe(CHANNEL, correct);
  return () => void unsubscribe(CHANNEL, correct);
}
