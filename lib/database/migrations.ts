import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { PRIVATE_DIRECTORY } from '@/lib/common/atomic-file';
import { backupsDirectory, databaseUrl, fileUrl } from '@/lib/storage/data-directory';
import { SqliteAdapter } from './adapter';
import { beforeMigrationName, keepNewest } from './backup-shelf';
import { snapshotDatabase } from './snapshot';

export type Migration = { name: string; sql: string; checksum: string };

const MIGRATION_NAME = /^\d{14}_[a-z0-9_]+$/;

/** Prisma's own table, so that `prisma migrate deploy` sees what was applied here and the other way round. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT,
  "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`;

/** The committed migrations, oldest first: `<directory>/<timestamp>_<name>/migration.sql`. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && MIGRATION_NAME.test(entry.name))
    .map((entry) => {
      const sql = readFileSync(join(directory, entry.name, 'migration.sql'), 'utf8');
      return { name: entry.name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function query(db: SqlDriverAdapter, sql: string): Promise<unknown[][]> {
  return (await db.queryRaw({ sql, args: [], argTypes: [] })).rows;
}

async function execute(db: SqlDriverAdapter, sql: string, args: string[] = []): Promise<void> {
  await db.executeRaw({ sql, args, argTypes: args.map(() => ({ scalarType: 'string', arity: 'scalar' })) });
}

async function appliedChecksums(db: SqlDriverAdapter): Promise<Map<string, string>> {
  await execute(db, MIGRATIONS_TABLE);
  const rows = await query(
    db,
    'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Map(rows.map(([name, checksum]) => [String(name), String(checksum)]));
}

/** The migrations still to apply. Throws when the database was made by other migrations than these. */
export function pendingOf(migrations: Migration[], applied: Map<string, string>): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const [name, checksum] of applied) {
    const migration = known.get(name);
    if (migration === undefined) {
      throw new Error(
        `The database has the migration ${name}, which this version does not know: run the newer version that made it`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new Error(
        `The migration ${name} (migration.sql below prisma/) was changed after it was applied: restore it and add a new migration`,
      );
    }
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function applyOne(db: SqlDriverAdapter, migration: Migration): Promise<void> {
  // Splitting is not needed: the whole script runs inside one transaction, which executeScript rolls back when a
  // statement fails.
  const id = randomUUID();
  const record = `INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
    VALUES ('${id}', '${migration.checksum}', current_timestamp, '${migration.name}', current_timestamp, 1);`;
  try {
    await db.executeScript(`BEGIN IMMEDIATE;\n${migration.sql}\n;${record}\nCOMMIT;`);
  } catch (error) {
    throw new Error(`The migration ${migration.name} failed and was rolled back: ${describe(error)}`, { cause: error });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Waits until no other process migrates this directory, then keeps others waiting until the returned function is
 * called.
 */
async function lockMigrations(directory: string): Promise<() => Promise<void>> {
  const lock = await new SqliteAdapter(fileUrl(join(directory, 'migrate.lock.db'))).connect();
  await execute(lock, 'BEGIN EXCLUSIVE');
  return async () => {
    // Closing alone keeps the lock until the connection is garbage collected.
    await execute(lock, 'ROLLBACK');
    await lock.dispose();
  };
}

/** So many copies of the database from before a migration are kept. */
const KEPT_BEFORE = 3;

/** Copies the database before migrations change it. @throws Error when it cannot be copied: nothing is changed then */
async function backUpBefore(directory: string, { name }: Migration): Promise<void> {
  const shelf = backupsDirectory(directory);
  try {
    await snapshotDatabase(directory, join(shelf, beforeMigrationName(name, new Date())));
  } catch (error) {
    throw new Error(`The database is not changed, since it cannot be backed up before: ${describe(error)}`, {
      cause: error,
    });
  }
  await keepNewest(shelf, 'before', KEPT_BEFORE);
}

/**
 * Brings the database of a data directory up to date and returns the names of the migrations applied now. Each
 * migration is one transaction: it happens wholly or not at all, and before the first one a database that was in use is
 * copied to `backups/`. Two processes may call it at once: a lock in a file of its own, which the system frees with its
 * process, lets the second one wait and then find nothing to do.
 */
export async function applyMigrations(directory: string, migrations: Migration[]): Promise<string[]> {
  mkdirSync(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  const release = await lockMigrations(directory);
  try {
    const db = await new SqliteAdapter(databaseUrl(directory)).connect();
    try {
      const applied = await appliedChecksums(db);
      const pending = pendingOf(migrations, applied);
      const [first] = pending;
      if (first !== undefined && applied.size > 0) {
        await backUpBefore(directory, first);
      }
      // Off while tables are rebuilt; the check below finds what a migration left dangling.
      await execute(db, 'PRAGMA foreign_keys = OFF');
      for (const migration of pending) {
        await applyOne(db, migration);
      }
      const [dangling] = await query(db, 'PRAGMA foreign_key_check');
      if (dangling !== undefined) {
        throw new Error(
          `After the migrations a row of ${String(dangling[0])} refers to a missing row of ${String(dangling[2])}: restore a backup`,
        );
      }
      return pending.map((migration) => migration.name);
    } finally {
      await db.dispose();
    }
  } finally {
    await release();
  }
}
