/**
 * `npm start`: installs what is missing, prepares the database, verifies the model bundle, builds when sources changed,
 * and serves: npm start [-- --port 3000 --host 127.0.0.1]. PORT and HOST say the same where no option does; only
 * loopback addresses are served without accounts. This process is the server itself (lib/serve), so that ending it, in
 * whatever way, ends the server.
 */
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureApp } from './build-app.mjs';
import {
  UserError,
  ensureDependencies,
  ensureRuntime,
  isAllBuilt,
  readEnvFile,
  root,
  run,
  runMain,
} from './bootstrap.mjs';

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

/** The parent, and its parent where the system tells it (Linux): npm starts a shell, which may stay between. */
function ancestors() {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    return `${parent} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`;
  } catch {
    return String(parent);
  }
}

/**
 * npm that is killed outright cannot tell what it started: the server sees that its ancestors are others, and ends as
 * on SIGTERM.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') {
    return;
  }
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() !== before) {
      clearInterval(timer);
      process.kill(process.pid, 'SIGTERM');
    }
  }, 1000);
  timer.unref();
}

/** The server of the built runtime. It ends running answers itself before it exits (lib/serve/shutdown.ts). */
async function loadServer() {
  Object.assign(process.env, { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NEXT_MANUAL_SIG_HANDLE: 'true' });
  process.env.LOOKTWICE_ROOT ??= root;
  return import('../dist/server.mjs');
}

/** What it throws is written for people, such as who holds the data directory. */
async function asUserError(work) {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Error ? new UserError(error.message) : error;
  }
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
  endWithNpm();
  ensureDependencies(isAllBuilt);
  await ensureRuntime();
  const server = await loadServer();
  await asUserError(server.hold(address));
  if (existsSync(join(root, 'prisma/migrate.ts'))) {
    run(process.execPath, ['--import', 'tsx', 'prisma/migrate.ts'], { what: 'preparing the database' });
  }
  run(process.execPath, ['bin/looktwice.mjs', 'bundle', 'verify'], { what: 'verifying the model bundle' });
  await ensureApp();
  await asUserError(server.serve(address));
  const { host, port } = address;
  console.log(`LookTwice is ready: http://${host.includes(':') ? `[${host}]` : host}:${port}`);
});
