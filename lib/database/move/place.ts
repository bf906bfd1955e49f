import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyMigrations, readMigrations } from '../migrations';
import { openPostgresql, openSqlite } from '../client';
import { holdDataDirectory, holderOf, releaseDataDirectory } from '../directory-lock';
import type { PrismaClient } from '../generated/client';
import { holdPostgresql, isPostgresqlHeld } from '../hold-database';
import { withoutPassword } from '../kind';
import { applyPostgresqlMigrations } from '../postgresql-migrations';
import { snapshotDatabase } from '../snapshot';
import { projectRoot } from '@/lib/common/paths';
import { databasePath, databaseUrl, fileUrl } from '@/lib/storage/data-directory';
import { rm } from 'node:fs/promises';

/** A database with the folder of its files. `url`: PostgreSQL's address; null: the SQLite file in the folder. */
export type Place = { url: string | null; directory: string };

const MANY_HOURS_MS = 7 * 24 * 3_600_000;
const MIGRATIONS = { sqlite: 'prisma/migrations', postgresql: 'prisma/postgresql/migrations' } as const;

/** A place as people may read it. */
export const nameOf = ({ url, directory }: Place): string =>
  url === null ? databasePath(directory) : withoutPassword(url);

export const isSamePlace = (one: Place, other: Place): boolean =>
  one.url === other.url && (one.url !== null || resolve(one.directory) === resolve(other.directory));

/** Who works with a place now, in words; null: nobody. */
export async function workerOf({ url, directory }: Place): Promise<string | null> {
  if (url === null) {
    return holderOf(directory);
  }
  return (await isPostgresqlHeld(url)) ? 'a server' : null;
}

/**
 * Reads a place as of one moment, whoever writes meanwhile.
 * @param scratch a folder for a copy of a SQLite file, which goes afterwards
 * @throws Error when there is no database of this version
 */
export async function readingAt<Result>(
  place: Place,
  scratch: string,
  work: (source: PrismaClient) => Promise<Result>,
): Promise<Result> {
  await requireToday(place);
  if (place.url !== null) {
    const client = openPostgresql(place.url, { snapshot: true });
    try {
      // The type is that of SQLite's client, which has no such level.
      const options = { isolationLevel: 'RepeatableRead' as never, timeout: MANY_HOURS_MS };
      return await client.$transaction((tx) => work(tx as PrismaClient), options);
    } finally {
      await client.$disconnect();
    }
  }
  const copy = join(scratch, 'move.snapshot.db');
  await removeCopy(copy);
  await snapshotDatabase(place.directory, copy);
  const client = openSqlite(fileUrl(copy));
  try {
    return await work(client);
  } finally {
    await client.$disconnect();
    await removeCopy(copy);
  }
}

const removeCopy = (copy: string) =>
  Promise.all(['', '-wal', '-shm', '.part'].map((end) => rm(`${copy}${end}`, { force: true })));

/** A copy has the tables of today only when the database has them, and reading must not change it. */
async function requireToday(place: Place): Promise<void> {
  if (place.url === null && !existsSync(databasePath(place.directory))) {
    throw new Error(`There is no database in ${place.directory}: name the data directory that has looktwice.db`);
  }
  const client = place.url === null ? openSqlite(databaseUrl(place.directory)) : openPostgresql(place.url);
  const wanted = readMigrations(join(projectRoot(), place.url === null ? MIGRATIONS.sqlite : MIGRATIONS.postgresql));
  try {
    const applied = await client.$queryRaw<{ name: string }[]>`
      SELECT migration_name AS name FROM "_prisma_migrations" WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
    const names = new Set(applied.map(({ name }) => name));
    if (names.size !== wanted.length || wanted.some(({ name }) => !names.has(name))) {
      throw new Error(`${nameOf(place)} is of another version: start this version with it once, then move`);
    }
  } finally {
    await client.$disconnect();
  }
}

/**
 * Opens a place to write to, with the tables of today, and keeps servers away from it. @throws Error when one is there
 */
export async function openTarget(
  { url, directory }: Place,
  holdDirectory: boolean,
): Promise<{ client: PrismaClient; close: () => Promise<void> }> {
  if (holdDirectory) {
    await holdDataDirectory(directory, '`looktwice db move`');
  }
  const root = projectRoot();
  const release = url === null ? async () => undefined : await holdPostgresql(url);
  if (url === null) {
    await applyMigrations(directory, readMigrations(join(root, MIGRATIONS.sqlite)));
  } else {
    await applyPostgresqlMigrations(url, readMigrations(join(root, MIGRATIONS.postgresql)));
  }
  const client = url === null ? openSqlite(databaseUrl(directory)) : openPostgresql(url);
  return {
    client,
    close: async () => {
      await client.$disconnect();
      await release();
      await releaseDataDirectory(directory);
    },
  };
}
