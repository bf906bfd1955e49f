import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 120_000;
const root = process.cwd();

type E2eGlobal = typeof globalThis & { looktwiceServer?: { process: ChildProcess; data: string } };

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

function runNode(args: string[], env: NodeJS.ProcessEnv): void {
  const result = spawnSync(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (result.status !== 0) {
    throw new Error(`node ${args.join(' ')} failed; its messages are above.`);
  }
}

/**
 * Builds what is out of date and serves it once for all browser tests: a free port, a data directory of its own, the real model.
 * With LOOKTWICE_E2E_URL (and LOOKTWICE_E2E_DATA, its data directory) set, the server that runs there is tested instead.
 */
export default async function globalSetup(): Promise<void> {
  if (process.env.LOOKTWICE_E2E_URL) {
    return;
  }
  const data = mkdtempSync(join(tmpdir(), 'looktwice-e2e-'));
  const port = await freePort();
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    LOOKTWICE_DATA: data,
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_MANUAL_SIG_HANDLE: 'true',
  };
  const prepare =
    "const b = await import('./scripts/bootstrap.mjs'); await b.ensurePrismaClient(); await b.ensureRuntime(); const a = await import('./scripts/build-app.mjs'); await a.ensureApp();";
  runNode(['--input-type=module', '-e', prepare], env);
  runNode(['--import', 'tsx', 'prisma/migrate.ts'], env);

  const log = openSync(join(data, 'server.log'), 'a');
  const server = spawn(
    process.execPath,
    ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    { cwd: root, env, stdio: ['ignore', log, log] },
  );
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + START_MS;
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) {
      break;
    }
    if (server.exitCode !== null || Date.now() > until) {
      server.kill('SIGKILL');
      throw new Error(`The server was not ready within ${START_MS / 1000} s; see ${join(data, 'server.log')}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  process.env.LOOKTWICE_E2E_URL = url;
  process.env.LOOKTWICE_E2E_DATA = data;
  (globalThis as E2eGlobal).looktwiceServer = { process: server, data };
}
