/**
 * `npm start`: installs what is missing, prepares the database, verifies the model bundle, builds when sources changed,
 * and serves: npm start [-- --port 3000 --host 127.0.0.1]. PORT and HOST say the same where no option does; only loopback addresses are served
 * without accounts.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureApp } from './build-app.mjs';
import { UserError, ensureDependencies, ensureRuntime, readEnvFile, root, run, runMain } from './bootstrap.mjs';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1']);

const USAGE = 'npm start [-- --port PORT --host ADDRESS]';

function readOptions() {
  try {
    return parseArgs({ options: { port: { type: 'string' }, host: { type: 'string' }, help: { type: 'boolean' } } })
      .values;
  } catch (error) {
    throw new UserError(`${error.message.split(/\. |\n/)[0]}; usage: ${USAGE}`);
  }
}

function readAddress({ host: chosenHost, port: chosenPort }) {
  const host = chosenHost ?? process.env.HOST ?? '127.0.0.1';
  const written = chosenPort ?? process.env.PORT ?? '3000';
  const port = Number(written);
  if (!/^\d+$/.test(written) || port < 1 || port > 65535) {
    throw new UserError(
      `${chosenPort === undefined ? 'PORT' : '--port'} must be a number from 1 to 65535, not "${written}"`,
    );
  }
  if (!LOOPBACK.has(host) && process.env.LOOKTWICE_MODE !== 'team') {
    throw new UserError(
      `${chosenHost === undefined ? 'HOST=' : '--host '}${host} would serve other machines without accounts: set LOOKTWICE_MODE=team, or use 127.0.0.1`,
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
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return;
  }
  readEnvFile();
  const address = readAddress(options);
  if (await isListening(address)) {
    throw new UserError(`Port ${address.port} is in use: stop what listens there, or choose another one with --port`);
  }
  ensureDependencies();
  await ensureRuntime();
  if (existsSync(join(root, 'prisma/migrate.ts'))) {
    run(process.execPath, ['--import', 'tsx', 'prisma/migrate.ts'], { what: 'preparing the database' });
  }
  run(process.execPath, ['bin/looktwice.mjs', 'bundle', 'verify'], { what: 'verifying the model bundle' });
  await ensureApp();
  await serve(address);
});
