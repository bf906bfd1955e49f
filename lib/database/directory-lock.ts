import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, type Client } from '@libsql/client';
import { z } from 'zod';
import { PRIVATE_DIRECTORY } from '@/lib/common/atomic-file';
import { fileUrl } from '@/lib/storage/data-directory';
import { errorCode } from '@/lib/common/error-code';

/** A restart may overlap with the end of the server before it for a moment. */
const WAIT_MS = 1_000;
const LOCK = 'server.lock.db';
const HOLDER = 'server.lock.json';

const holderSchema = z.object({ pid: z.int(), what: z.string(), since: z.string() });

// Kept outside the module: the server's start and Next.js have a copy each, and the connection must not be collected as
// garbage.
const held = globalThis as typeof globalThis & { looktwiceDirectories?: Map<string, Client> };

function describeHolder(directory: string): string {
  try {
    const { pid, what, since } = holderSchema.parse(JSON.parse(readFileSync(join(directory, HOLDER), 'utf8')));
    return `${what} (process ${pid}, since ${since})`;
  } catch {
    return 'another process';
  }
}

const isBusy = (error: unknown): boolean => (errorCode(error) ?? '').startsWith('SQLITE_BUSY');

async function lock(directory: string): Promise<Client | null> {
  const client = createClient({ url: fileUrl(join(directory, LOCK)), timeout: WAIT_MS });
  try {
    // Exclusive until the process ends: the system takes the lock away even after kill -9, so it is never stale,
    // whatever process has the number now.
    await client.execute('BEGIN EXCLUSIVE');
    return client;
  } catch (error) {
    client.close();
    if (isBusy(error)) {
      return null;
    }
    throw error;
  }
}

/**
 * Makes this process the only server of a data directory until it ends. A second call in the same process does nothing.
 * @param what who holds it, to be told to others: "the server on port 3000"
 * @throws Error saying who holds it
 */
export async function holdDataDirectory(directory: string, what: string): Promise<void> {
  held.looktwiceDirectories ??= new Map();
  if (held.looktwiceDirectories.has(directory)) {
    return;
  }
  mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  const client = await lock(directory);
  if (client === null) {
    throw new Error(
      `${directory} is in use by ${describeHolder(directory)}: stop it first, or set LOOKTWICE_DATA to another directory`,
    );
  }
  held.looktwiceDirectories.set(directory, client);
  const holder = join(directory, HOLDER);
  writeFileSync(holder, JSON.stringify({ pid: process.pid, what, since: new Date().toISOString() }), { mode: 0o600 });
  chmodSync(join(directory, LOCK), 0o600);
}

/** Takes the files of the lock away from a directory that is no data directory any more. */
export async function removeLockFiles(directory: string): Promise<void> {
  await Promise.all([LOCK, `${LOCK}-journal`, HOLDER].map((name) => rm(join(directory, name), { force: true })));
}

/** Lets go of a data directory before the process ends. */
export async function releaseDataDirectory(directory: string): Promise<void> {
  const client = held.looktwiceDirectories?.get(directory);
  held.looktwiceDirectories?.delete(directory);
  // Closing alone keeps the lock until the connection is collected as garbage.
  await client?.execute('ROLLBACK');
  client?.close();
}

/** Who holds a data directory, in words; null: nobody. */
export async function holderOf(directory: string): Promise<string | null> {
  if (!existsSync(join(directory, LOCK))) {
    return null;
  }
  const client = await lock(directory);
  if (client === null) {
    return describeHolder(directory);
  }
  await client.execute('ROLLBACK');
  client.close();
  return null;
}
