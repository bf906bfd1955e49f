import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { holdDataDirectory, releaseDataDirectory, removeLockFiles } from '@/lib/database/directory-lock';
import { postgresqlUrl } from '@/lib/database/kind';
import { dataDirectory, databasePath } from '@/lib/storage/data-directory';
import { registerDbMove } from './db-move';

/** `looktwice db backup|restore|move`. */
export function registerDb(program: Command): void {
  const db = program.command('db').description('back up, restore and move the data (LOOKTWICE_DATA)');
  db.command('backup')
    .description('copy the database and all images to a new directory; the server may run meanwhile')
    .argument('<directory>', 'where to; must be empty or absent')
    .option('--database-only', 'only the database, without images, as the one file that is named; it must be absent')
    .option('--previous <directory>', 'an earlier backup on the same disk: files that it has take no more space')
    .option('--json', 'print JSON')
    .action(backup);
  db.command('restore')
    .description('put a backup in the place of the data; stop the server first. What was there is kept beside it')
    .argument('<backup>', 'a directory that `db backup` made, or a copy of the database alone (`backups/*.db`)')
    .option('--json', 'print JSON')
    .action(restore);
  registerDbMove(db);
}

type BackupOptions = { json?: true; databaseOnly?: true; previous?: string };

/** Copies the database alone to a file, and says how large it is. */
async function backUpDatabase(file: string): Promise<{ bytes: number }[]> {
  if (existsSync(file)) {
    throw new Error(`${file} is there already: name a new file`);
  }
  const { snapshotDatabase } = await import('@/lib/database/snapshot');
  await snapshotDatabase(dataDirectory(), file);
  return [{ bytes: (await stat(file)).size }];
}

async function backUpAll(directory: string, previous: string | undefined): Promise<{ bytes: number }[]> {
  const operations = await import('@/lib/database/backup');
  const options = { previous: previous === undefined ? null : resolve(previous) };
  return (await operations.backup(dataDirectory(), directory, options)).files;
}

/** @throws Error saying what to do instead where the database is PostgreSQL */
function requireFile(): void {
  if (postgresqlUrl() !== undefined) {
    throw new Error(
      'The database is PostgreSQL (DATABASE_URL): use pg_dump and pg_restore, and copy the folder blobs of the data directory, as docs/operation.md says',
    );
  }
}

async function backup(directory: string, { json, databaseOnly, previous }: BackupOptions): Promise<void> {
  requireFile();
  const files =
    databaseOnly === true ? await backUpDatabase(resolve(directory)) : await backUpAll(resolve(directory), previous);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ directory: resolve(directory), files: files.length, bytes })}\n`
      : `Backed up ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, to ${resolve(directory)}\n`,
  );
}

/** @returns where what was there is kept; null: nothing was there */
async function putBack(source: string): Promise<string | null> {
  if (existsSync(source) && (await stat(source)).isFile()) {
    const { restoreDatabase } = await import('@/lib/database/snapshot');
    const kept = await restoreDatabase(source, dataDirectory());
    await releaseDataDirectory(dataDirectory());
    return kept;
  }
  const operations = await import('@/lib/database/backup');
  const kept = await operations.restore(source, dataDirectory());
  if (kept !== null) {
    await releaseDataDirectory(dataDirectory());
    await removeLockFiles(kept);
  }
  return kept;
}

async function restore(source: string, { json }: { json?: true }): Promise<void> {
  requireFile();
  const operations = await import('@/lib/database/backup');
  if (existsSync(databasePath())) {
    // A server holds it as long as it runs; one that starts meanwhile is told to wait.
    await holdDataDirectory(dataDirectory(), '`looktwice db restore`');
  }
  await operations.assertNotInUse(dataDirectory());
  const kept = await putBack(resolve(source));
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ data: dataDirectory(), kept })}\n`
      : `Restored ${dataDirectory()}${kept === null ? '' : `; what was there is in ${kept}`}\n`,
  );
}
