import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareApp, startServer, type TestServer } from './server';

type E2eGlobal = typeof globalThis & { looktwiceServer?: TestServer };

/**
 * Builds what is out of date and serves it once for all browser tests: a free port, a data directory of its own, the
 * real model. With LOOKTWICE_E2E_URL (and LOOKTWICE_E2E_DATA, its data directory) set, the server that runs there is
 * tested instead.
 */
export default async function globalSetup(): Promise<void> {
  if (process.env.LOOKTWICE_E2E_URL) {
    return;
  }
  prepareApp();
  const server = await startServer(mkdtempSync(join(tmpdir(), 'looktwice-e2e-')));
  process.env.LOOKTWICE_E2E_URL = server.url;
  process.env.LOOKTWICE_E2E_DATA = server.data;
  (globalThis as E2eGlobal).looktwiceServer = server;
}
