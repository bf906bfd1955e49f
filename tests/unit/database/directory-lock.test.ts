import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdDataDirectory, holderOf, releaseDataDirectory } from '@/lib/database/directory-lock';

let directory = '';
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'looktwice-lock #%?'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await releaseDataDirectory(directory);
  rmSync(directory, { recursive: true, force: true });
});

/** Another process that holds the directory; resolves once it does. */
function holdElsewhere(): Promise<ChildProcess> {
  const script = `
    const { holdDataDirectory } = require('./lib/database/directory-lock');
    holdDataDirectory(process.argv[1], 'the server on port 4321').then(() => console.log('held'));
    setInterval(() => undefined, 1000);`;
  const started = spawn(process.execPath, ['--import', 'tsx', '-e', script, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  return new Promise((resolve, reject) => {
    started.stdout.once('data', () => resolve(started));
    started.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

test('a directory that another process holds is refused, saying who it is', async () => {
  const { pid } = await holdElsewhere();
  expect(await holderOf(directory)).toMatch(`the server on port 4321 (process ${pid}, since 20`);
  await expect(holdDataDirectory(directory, 'me')).rejects.toThrow(
    /is in use by the server on port 4321 \(process \d+, since .*\): stop it first, or set LOOKTWICE_DATA/,
  );
});

test('one whose holder was killed is free, whatever process has its number now', async () => {
  const { pid } = await holdElsewhere();
  const gone = new Promise((resolve) => child?.once('exit', resolve));
  child?.kill('SIGKILL');
  await gone;
  expect(pid).toBeGreaterThan(0);
  expect(await holderOf(directory)).toBeNull();
  await holdDataDirectory(directory, 'me');
  // Once more in the same process is no second holder.
  await holdDataDirectory(directory, 'me');
});

test('what is released is free, and the files are the owner’s alone', async () => {
  await holdDataDirectory(directory, 'me');
  for (const name of ['server.lock.db', 'server.lock.json']) {
    expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
  }
  await releaseDataDirectory(directory);
  expect(await holderOf(directory)).toBeNull();
});

test('a directory that nobody ever held is free', async () => {
  expect(await holderOf(directory)).toBeNull();
});
