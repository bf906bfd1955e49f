import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { expectOneLineFailure, runLooktwice } from '../support/run-looktwice';

jest.setTimeout(120_000);
let root: string;
let data: string;
let writer: ChildProcess | undefined;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'looktwice-db-'));
  data = join(root, 'data');
  // In a process of its own: libSQL keeps a file open until the connection is collected as garbage.
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'prisma/migrate.ts'], {
    env: { ...process.env, LOOKTWICE_DATA: data },
  });
});
afterAll(async () => {
  writer?.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

/** A process that writes turns into the data directory without end, as the server would. */
async function startWriter(): Promise<ChildProcess> {
  const started = spawn(process.execPath, ['--import', 'tsx', 'tests/support/kill-writer.ts'], {
    env: { ...process.env, LOOKTWICE_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => started.stdout.once('data', resolve));
  started.stdout.resume();
  return started;
}

it('backs up while another process writes, refuses to restore then, and restores once it has ended', async () => {
  writer = await startWriter();
  const env = { LOOKTWICE_DATA: data };
  const copy = join(root, 'copy');
  const made = await runLooktwice(['db', 'backup', copy, '--json'], env);
  expect([made.code, made.stderr]).toEqual([0, '']);
  expect((await readdir(copy)).sort()).toEqual(['backup.json', 'looktwice.db']);

  expectOneLineFailure(await runLooktwice(['db', 'restore', copy], env), 1, /stop the server first/);

  const ended = new Promise((resolve) => writer?.once('close', resolve));
  writer.kill('SIGKILL');
  await ended;
  const restored = await runLooktwice(['db', 'restore', copy, '--json'], env);
  expect([restored.code, restored.stderr]).toEqual([0, '']);
  const { kept } = z.object({ kept: z.string() }).parse(JSON.parse(restored.stdout));
  // What was there is complete in one file, without a log that would belong to it.
  expect((await readdir(kept)).sort()).toEqual(['looktwice.db', 'migrate.lock.db']);
  expect((await readdir(data)).sort()).toEqual(['looktwice.db']);
});

it('backs up the database alone to one file, and brings it back', async () => {
  const env = { LOOKTWICE_DATA: data };
  const file = join(root, 'one.db');
  expect((await runLooktwice(['db', 'backup', file, '--database-only'], env)).code).toBe(0);
  expectOneLineFailure(await runLooktwice(['db', 'backup', file, '--database-only'], env), 1, /is there already/);
  const restored = await runLooktwice(['db', 'restore', file, '--json'], env);
  expect([restored.code, restored.stderr]).toEqual([0, '']);
  const { kept } = z.object({ kept: z.string() }).parse(JSON.parse(restored.stdout));
  expect(await readdir(data)).toContain(basename(kept));
});
