/** Starts and kills the real server (`next start` on a built app) for benchmarks, with a data directory of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../..', import.meta.url));
const READY_MS = 300_000;

/** A port of this machine that nothing listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Runs a TypeScript file of the project to its end and returns what it printed. */
export function runTypeScript(file, data, args = []) {
  const env = { ...process.env, LOOKTWICE_DATA: data };
  const result = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], { cwd: root, env, encoding: 'utf8' });
  if (result.status !== 0) {
    throw new Error(`${file} failed: ${result.stderr}`);
  }
  return result.stdout;
}

/**
 * Starts the server and waits until its model is loaded; `settings` are more environment variables. `kill` ends it with
 * SIGKILL, `stop` as a service manager would.
 */
export async function startServer({ data, port, settings = {} }) {
  const log = openSync(join(data, 'server.log'), 'a');
  const server = spawn(process.execPath, ['scripts/start.mjs', '--host', '127.0.0.1', '--port', String(port)], {
    cwd: root,
    // A process group of its own, so that a kill takes whatever it started along.
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ...settings,
      NODE_ENV: 'production',
      LOOKTWICE_DATA: data,
      NEXT_TELEMETRY_DISABLED: '1',
      NEXT_MANUAL_SIG_HANDLE: 'true',
    },
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const end = async (signal) => {
    if (server.exitCode === null && server.signalCode === null) {
      process.kill(-server.pid, signal);
    }
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + READY_MS;
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) {
      return { url, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
    }
    if (server.exitCode !== null || Date.now() > until) {
      await end('SIGKILL');
      throw new Error(`The server was not ready within ${READY_MS / 1000} s: see ${join(data, 'server.log')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
