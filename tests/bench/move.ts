/**
 * `node --import tsx tests/bench/move.ts [--images 20000]`: moves a data directory with so many small images to
 * PostgreSQL and back with the command line, kills it three times on each way, and compares what has arrived. Prints
 * JSON.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSqlite } from '../../lib/database/client';
import { applyMigrations, readMigrations } from '../../lib/database/migrations';
import { readContents } from '../../lib/database/move/copy-rows';
import { blobsDirectory, databaseUrl } from '../../lib/storage/data-directory';
import { fillDatabase } from '../support/fill-database';
import { startPostgresql } from '../support/postgresql-server.mjs';

const { values } = parseArgs({ options: { images: { type: 'string', default: '20000' } } });
const images = Number(values.images);
/**
 * Lines of progress at which it is killed, one attempt after the other: among the files, the rows, and what is
 * verified.
 */
const CUTS = [/^files: \d{3,}/, /^(image|inspection|datasetItem|imageFeature): /, / verified: /];

/** Some kilobytes that nothing else has. */
function bytesOf(index: number): Uint8Array {
  const seed = createHash('sha512').update(`image ${index}`).digest();
  return Buffer.concat(
    Array.from({ length: 60 }, (_, part) => createHash('sha512').update(seed).update(`${part}`).digest()),
  );
}

/** Runs the command; kills it when its progress says this, if that comes before its end. */
function attempt(args: string[], cut: RegExp | null): Promise<{ killed: boolean; said: string; last: string }> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['bin/looktwice.mjs', 'db', 'move', ...args, '--json']);
    let [said, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      if (cut?.test(chunk.toString()) === true) {
        child.kill('SIGKILL');
      }
    });
    child.on('close', (code, signal) => {
      if (signal === null && code !== 0) {
        fail(new Error(errors));
      }
      done({ killed: signal === 'SIGKILL', said, last: errors.trim().split('\n').at(-1) ?? '' });
    });
  });
}

/** One way, with interruptions at later and later moments. */
async function way(from: string[], to: string[]): Promise<object> {
  const cutAt: string[] = [];
  const started = performance.now();
  for (const cut of CUTS) {
    const { killed, last } = await attempt([...from, ...to], cut);
    if (!killed) {
      throw new Error(`The move ended before it could be killed ${CUTS.length} times: take more --images`);
    }
    cutAt.push(last);
  }
  const lastStarted = performance.now();
  const { said } = await attempt([...from, ...to], null);
  const seconds = (since: number) => Number(((performance.now() - since) / 1000).toFixed(1));
  return { cutAt, seconds: seconds(started), lastSeconds: seconds(lastStarted), ...(JSON.parse(said) as object) };
}

async function contentsOf(directory: string): Promise<string> {
  const client = openSqlite(databaseUrl(directory));
  const contents = await readContents(client, () => undefined);
  await client.$disconnect();
  return JSON.stringify([...contents]);
}

/** The names of all files, each of which is the hash of what it holds; read and hashed again. */
async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(blobsDirectory(directory), { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    found.push(`${entry.name} ${createHash('sha256').update(bytes).digest('hex') === entry.name}`);
  }
  return found.sort();
}

async function main(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'looktwice-move-'));
  const [source, files, home] = ['source', 'files', 'home'].map((name) => join(scratch, name)) as [
    string,
    string,
    string,
  ];
  const server = await startPostgresql();
  try {
    await applyMigrations(source, readMigrations('prisma/migrations'));
    const client = openSqlite(databaseUrl(source));
    await fillDatabase(client, source, images, bytesOf);
    await client.$disconnect();
    const there = await way(['--from', source], ['--to', server.url, '--to-data', files]);
    const back = await way(['--from', server.url, '--from-data', files], ['--to', home]);
    const same =
      (await contentsOf(source)) === (await contentsOf(home)) &&
      JSON.stringify(await filesOf(source)) === JSON.stringify(await filesOf(home));
    console.log(JSON.stringify({ images, there, back, same }, null, 2));
    process.exitCode = same ? 0 : 1;
  } finally {
    server.stop();
    await rm(scratch, { recursive: true, force: true });
  }
}

void main();
