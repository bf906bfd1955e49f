import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run, UserError } from '../../scripts/bootstrap.mjs';

const DEBIAN = '/usr/lib/postgresql';
const COMMON = '/etc/postgresql-common';

function findPrograms() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const inPath = spawnSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' }).stdout.trim();
  const folders = [...versions.map((version) => join(DEBIAN, version, 'bin')), dirname(inPath)];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
}

/** The folder of PostgreSQL's programs; installs Debian's package when there is none and we may. */
function ensurePostgresql() {
  if (findPrograms() === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Installing PostgreSQL for the database tests');
    // Debian's package would make and start a cluster of the system's own.
    if (!existsSync(COMMON)) {
      mkdirSync(COMMON);
      writeFileSync(join(COMMON, 'createcluster.conf'), 'create_main_cluster = false\n');
    }
    run('apt-get', ['update', '-q'], { what: 'apt-get update' });
    const options = ['-q', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold'];
    run('apt-get', ['install', ...options, 'postgresql'], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      what: 'apt-get install postgresql',
    });
  }
  const found = findPrograms();
  if (found === undefined) {
    throw new UserError('The database tests need PostgreSQL 15 or newer: install it (initdb and pg_ctl in PATH)');
  }
  return found;
}

/** A user other than root, under whom the server runs where we are root: it refuses to run as root. */
function unprivileged() {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const line = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' });
  const group = spawnSync('id', ['-g', 'postgres'], { encoding: 'utf8' });
  return line.status === 0 ? { uid: Number(line.stdout), gid: Number(group.stdout) } : { uid: 65_534, gid: 65_534 };
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/**
 * Starts a PostgreSQL server of our own on a free port of this machine, with its files in a folder of its own.
 * @returns its address for the database `postgres`, `control` (pg_ctl with these arguments), and `stop`, which removes
 *   the files
 */
export async function startPostgresql() {
  const programs = ensurePostgresql();
  const identity = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), 'looktwice-postgresql-'));
  if (identity.uid !== undefined) {
    chownSync(folder, identity.uid, identity.gid);
  }
  const data = join(folder, 'data');
  const port = await freePort();
  const execute = (program, args) => {
    const result = spawnSync(join(programs, program), args, {
      ...identity,
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { HOME: folder, LC_ALL: 'C.UTF-8' },
    });
    if (result.status !== 0) {
      throw new Error(`${program} failed: ${result.error?.message ?? `${result.stdout}${result.stderr}`}`);
    }
  };
  execute('initdb', ['-D', data, '-U', 'looktwice', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
  // Like a real one but for the disk: tests end servers, not machines.
  const options = [
    `-p ${port}`,
    '-c listen_addresses=127.0.0.1',
    `-k ${folder}`,
    '-c fsync=off',
    '-c shared_buffers=32MB',
  ];
  const control = (...args) => execute('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), ...args]);
  const start = () => control('start', '-o', options.join(' '));
  start();
  return {
    url: `postgres://looktwice@127.0.0.1:${port}/postgres`,
    start,
    control,
    stop: () => {
      control('stop', '-m', 'immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
