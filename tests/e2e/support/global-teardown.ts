import { rmSync } from 'node:fs';
import { stopServer, type TestServer } from './server';

type E2eGlobal = typeof globalThis & { looktwiceServer?: TestServer };

/** Ends the server of the browser tests and removes its data. */
export default async function globalTeardown(): Promise<void> {
  const server = (globalThis as E2eGlobal).looktwiceServer;
  if (server) {
    await stopServer(server);
    rmSync(server.data, { recursive: true, force: true });
  }
}
