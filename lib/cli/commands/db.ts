import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { holdDataDirectory, releaseDataDirectory, removeLockFiles } from '@/lib/database/directory-lock';
import { dataDirectory, databasePath } from '@/lib/storage/data-directory';

/** `looktwice db backup|restore`. */
export function registerDb(program: Command): void {
  const db = program.command('db').description('back up and restore the data directory (LOOKTWICE_DATA)');
  db.command('backup')
    .description('copy the database and all images to a new directory; the server may run meanwhile')
    .argument('<directory>', 'where to; must be empty or absent')
    .option('--json', 'print JSON')
    .action(backup);
  db.command('restore')
    .description('put a backup in the place of the data; stop the server first. What was there is kept beside it')
    .argument('<directory>', 'a directory that `db backup` made')
    .option('--json', 'print JSON')
    .action(restore);
}

async function backup(directory: string, { json }: { json?: true }): Promise<void> {
  const operations = await import('@/lib/database/backup');
  const { files } = await operations.backup(dataDirectory(), resolve(directory));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ directory: resolve(directory), files: files.length, bytes })}\n`
      : `Backed up ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, to ${resolve(directory)}\n`,
  );
}

async function restore(directory: string, { json }: { json?: true }): Promise<void> {
  const operations = await import('@/lib/database/backup');
  if (existsSync(databasePath())) {
    // A server holds it as long as it runs; one that starts meanwhile is told to wait.
    await holdDataDirectory(dataDirectory(), '`looktwice db restore`');
  }
  await operations.assertNotInUse(dataDirectory());
  const kept = await operations.restore(resolve(directory), dataDirectory());
  if (kept !== null) {
    await releaseDataDirectory(dataDirectory());
    await removeLockFiles(kept);
  }
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ data: dataDirectory(), kept })}\n`
      : `Restored ${dataDirectory()}${kept === null ? '' : `; what was there is in ${kept}`}\n`,
  );
}
