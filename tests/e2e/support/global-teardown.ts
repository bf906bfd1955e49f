import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';

type E2eGlobal = typeof globalThis & { looktwiceServer?: { process: ChildProcess; data: string } };

/** Ends the server of the browser tests and removes its data. */
export default async function globalTeardown(): Promise<void> {
  const server = (globalThis as E2eGlobal).looktwiceServer;
  if (!server) {
    return;
  }
  const ended = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGTERM');
  const timer = setTimeout(() => server.process.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
  rmSync(server.data, { recursive: true, force: true });
}
