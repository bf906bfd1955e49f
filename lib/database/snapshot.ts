import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createClient } from '@libsql/client';
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from '@/lib/common/atomic-file';
import { databasePath, databaseUrl, fileUrl } from '@/lib/storage/data-directory';
import { freeBytes } from '@/lib/storage/free-space';
import { SqliteAdapter } from './adapter';

/**
 * Writes the database as of one moment to a file that is not there yet, while others may write. The file is complete by
 * itself, without a write-ahead log, and has its name only once it is whole.
 * @throws Error when there is no database or too little space
 */
export async function snapshotDatabase(data: string, file: string): Promise<void> {
  if (!existsSync(databasePath(data))) {
    throw new Error(`There is no database in ${data}: set LOOKTWICE_DATA to the data directory`);
  }
  await mkdir(dirname(file), { recursive: true, mode: PRIVATE_DIRECTORY });
  const { size } = await stat(databasePath(data));
  if ((await freeBytes(dirname(file))) < size) {
    throw new Error(`There is too little space for a copy of the database (${size} bytes) in ${dirname(file)}`);
  }
  const unfinished = `${file}.part`;
  await rm(unfinished, { force: true });
  const db = await new SqliteAdapter(databaseUrl(data)).connect();
  try {
    await db.executeRaw({
      sql: 'VACUUM INTO ?',
      args: [unfinished],
      argTypes: [{ scalarType: 'string', arity: 'scalar' }],
    });
    await chmod(unfinished, PRIVATE_FILE);
    await rename(unfinished, file);
  } finally {
    await db.dispose();
    await rm(unfinished, { force: true });
  }
}

/** @throws Error when the file is no database of ours, or damaged */
async function requireSound(file: string): Promise<void> {
  const db = createClient({ url: fileUrl(file) });
  try {
    const { rows } = await db.execute('PRAGMA integrity_check');
    if (String(rows[0]?.[0]) !== 'ok') {
      throw new Error(String(rows[0]?.[0]));
    }
    await db.execute('SELECT count(*) FROM "_prisma_migrations"');
  } catch (error) {
    throw new Error(`${file} is no sound copy of a database of LookTwice: nothing was changed`, { cause: error });
  } finally {
    db.close();
  }
}

/**
 * Puts a copy of the database in the place of that of a data directory; the images stay as they are. What was there is
 * kept beside it, under the name that is returned (null: nothing was there). The server must not run.
 * @throws Error when the copy is not sound; nothing has changed then
 */
export async function restoreDatabase(file: string, data: string): Promise<string | null> {
  await requireSound(file);
  await mkdir(data, { recursive: true, mode: PRIVATE_DIRECTORY });
  const incoming = join(data, `restore-${process.pid}.part`);
  try {
    await copyFile(file, incoming);
    await chmod(incoming, PRIVATE_FILE);
    const kept = existsSync(databasePath(data)) ? `${databasePath(data)}.before-restore-${Date.now()}` : null;
    if (kept !== null) {
      await rename(databasePath(data), kept);
    }
    // A log of the old database would be taken for the new one's.
    await Promise.all(['-wal', '-shm'].map((end) => rm(`${databasePath(data)}${end}`, { force: true })));
    await rename(incoming, databasePath(data));
    return kept;
  } finally {
    await rm(incoming, { force: true });
  }
}
