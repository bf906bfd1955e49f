import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { messageOf } from '@/lib/common/message-of';
import { pendingOf, type Migration } from './migrations';
import { LOCKS } from './postgresql-adapter';
import { openSession } from './postgresql-session';

/** What Prisma's own table looks like there. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ, "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT, "rolled_back_at" TIMESTAMPTZ, "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

async function appliedChecksums(session: Client): Promise<Map<string, string>> {
  await session.query(MIGRATIONS_TABLE);
  const { rows } = await session.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Map(rows.map(({ migration_name, checksum }) => [migration_name, checksum]));
}

/** Other encodings lack letters, and sort in another way. */
async function requireUnicode(session: Client): Promise<void> {
  const { rows } = await session.query<{ server_encoding: string }>('SHOW server_encoding');
  if (rows[0]?.server_encoding !== 'UTF8') {
    throw new Error(
      `The database of DATABASE_URL has the encoding ${rows[0]?.server_encoding}: make one with ENCODING 'UTF8'`,
    );
  }
}

async function applyOne(session: Client, migration: Migration): Promise<void> {
  try {
    await session.query('BEGIN');
    await session.query(migration.sql);
    await session.query(
      'INSERT INTO "_prisma_migrations" (id, checksum, finished_at, migration_name, applied_steps_count) VALUES ($1, $2, now(), $3, 1)',
      [randomUUID(), migration.checksum, migration.name],
    );
    await session.query('COMMIT');
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined);
    throw new Error(`The migration ${migration.name} failed and was rolled back: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Brings a PostgreSQL database up to date and returns the names of the migrations applied now. Each happens wholly or
 * not at all. Others that call it meanwhile wait and find nothing to do. Nothing is copied before: that is pg_dump's
 * work (docs/operation.md).
 */
export async function applyPostgresqlMigrations(url: string, migrations: Migration[]): Promise<string[]> {
  const session = await openSession(url);
  try {
    await requireUnicode(session);
    // It ends with the connection.
    await session.query(`SELECT pg_advisory_lock(${LOCKS.migrate})`);
    const pending = pendingOf(migrations, await appliedChecksums(session));
    for (const migration of pending) {
      await applyOne(session, migration);
    }
    return pending.map(({ name }) => name);
  } finally {
    await session.end();
  }
}
