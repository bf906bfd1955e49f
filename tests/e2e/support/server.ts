import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const START_MS = 180_000;
const STOP_MS = 15_000;
const root = process.cwd();

export type TestServer = { url: string; port: number; data: string; process: ChildProcess };

/** Settings of a server besides its data directory, as environment variables. */
type Settings = Readonly<Record<string, string>>;

const environment = (data: string, settings: Settings = {}) => ({
  ...process.env,
  ...settings,
  NODE_ENV: 'production' as const,
  LOOKTWICE_DATA: data,
  NEXT_TELEMETRY_DISABLED: '1',
  NEXT_MANUAL_SIG_HANDLE: 'true',
});

function runNode(args: string[], env: NodeJS.ProcessEnv): void {
  const result = spawnSync(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (result.status !== 0) {
    throw new Error(`node ${args.join(' ')} failed; its messages are above.`);
  }
}

/** Builds what is out of date: Prisma's client, the runtime, the application. */
export function prepareApp(): void {
  const prepare =
    "const b = await import('./scripts/bootstrap.mjs'); await b.ensurePrismaClient(); await b.ensureRuntime(); const a = await import('./scripts/build-app.mjs'); await a.ensureApp();";
  runNode(['--input-type=module', '-e', prepare], environment(root));
}

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

/**
 * Migrates the database of a data directory and serves it on a free port (or `port`); resolves once the model is
 * loaded. The server's log goes to `logs`, by default the data directory.
 */
export async function startServer(
  data: string,
  port?: number,
  logs = data,
  settings: Settings = {},
): Promise<TestServer> {
  const env = environment(data, settings);
  runNode(['--import', 'tsx', 'prisma/migrate.ts'], env);
  const chosen = port ?? (await freePort());
  const url = `http://127.0.0.1:${chosen}`;
  const log = openSync(join(logs, 'server.log'), 'a');
  const server = spawn(process.execPath, ['scripts/start.mjs', '--host', '127.0.0.1', '--port', String(chosen)], {
    cwd: root,
    env: { ...env, LOOKTWICE_URL: url },
    stdio: ['ignore', log, log],
  });
  const until = Date.now() + START_MS;
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) {
      return { url, port: chosen, data, process: server };
    }
    if (server.exitCode !== null || Date.now() > until) {
      server.kill('SIGKILL');
      throw new Error(`The server was not ready within ${START_MS / 1000} s; see ${join(logs, 'server.log')}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Ends a server and waits for its end: with SIGTERM as an operator does, or with SIGKILL as a power cut does. */
export async function stopServer(server: TestServer, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  if (server.process.exitCode !== null || server.process.signalCode !== null) {
    return;
  }
  const ended = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill(signal);
  const timer = setTimeout(() => server.process.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}
