import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from '@/lib/http/network';

/** Open connections in all; what comes beyond is closed at once. */
const MAX_CONNECTIONS = 2_000;
/** Of one address (or IPv6 network): many tabs and programs, but no flood. */
export const MAX_PER_ADDRESS = 256;

/**
 * Bounds the connections of a server. Behind a proxy all come from its address, so only the whole is bounded there; the
 * proxy bounds its clients.
 * @param perAddress most connections of one address; null: not bounded
 */
export function boundConnections(server: Server, perAddress: number | null): void {
  const open = new Map<string, number>();
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket: Socket) => {
    const key = networkOf(socket.remoteAddress ?? '');
    const count = (open.get(key) ?? 0) + 1;
    if (perAddress !== null && count > perAddress) {
      socket.destroy();
      return;
    }
    open.set(key, count);
    socket.once('close', () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left > 0) {
        open.set(key, left);
      } else {
        open.delete(key);
      }
    });
  });
}
