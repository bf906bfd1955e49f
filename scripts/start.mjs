/**
 * `npm start`: installs what is missing, prepares the database, verifies the model bundle, builds when sources changed,
 * and serves. HOST and PORT choose the address; only loopback addresses are served without accounts.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ensureApp } from './build-app.mjs';
import { UserError, ensureDependencies, ensurePrismaClient, ensureRuntime, root, run, runMain } from './bootstrap.mjs';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

function readAddress() {
  const host = process.env.HOST ?? '127.0.0.1';
  const port = Number(process.env.PORT ?? '3000');
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new UserError(`PORT must be a number from 1 to 65535, not "${process.env.PORT}"`);
  }
  if (!LOOPBACK.has(host) && process.env.LOOKTWICE_MODE !== 'team') {
    throw new UserError(
      `HOST=${host} would serve other machines without accounts: set LOOKTWICE_MODE=team, or use 127.0.0.1`,
    );
  }
  return { host, port };
}

function isListening({ host, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function serve({ host, port }) {
  const shown = host.includes(':') ? `[${host}]` : host;
  const server = spawn(
    process.execPath,
    ['node_modules/next/dist/bin/next', 'start', '--hostname', host, '--port', String(port)],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      // The server itself ends running answers before it exits (lib/assistant/server/shutdown.ts).
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NEXT_MANUAL_SIG_HANDLE: 'true' },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => server.kill(signal));
  }
  const ended = new Promise((resolve) => server.on('exit', (code) => resolve(code ?? 0)));
  const ready = (async () => {
    while (server.exitCode === null && !(await isListening({ host, port }))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (server.exitCode === null) {
      console.log(`LookTwice is ready: http://${shown}:${port}`);
    }
  })();
  process.exitCode = await ended;
  await ready;
}

await runMain(async () => {
  const address = readAddress();
  if (await isListening(address)) {
    throw new UserError(`Port ${address.port} is in use: stop what listens there, or set PORT to another one`);
  }
  ensureDependencies();
  await ensurePrismaClient();
  await ensureRuntime();
  if (existsSync(join(root, 'prisma/migrate.ts'))) {
    run(process.execPath, ['--import', 'tsx', 'prisma/migrate.ts'], { what: 'preparing the database' });
  }
  run(process.execPath, ['bin/looktwice.mjs', 'bundle', 'verify'], { what: 'verifying the model bundle' });
  await ensureApp();
  await serve(address);
});
