import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client, type QueryResult } from 'pg';
import { readMigrations } from '@/lib/database/migrations';
import { applyPostgresqlMigrations } from '@/lib/database/postgresql-migrations';

export const postgresqlMigrations = join(process.cwd(), 'prisma/postgresql/migrations');

/**
 * The server that the jest project `postgresql` started (tests/setup/postgresql.mjs); undefined in the other projects,
 * which may run beside it.
 */
export const serverUrl = (): string | undefined =>
  Reflect.get(globalThis, 'onPostgresql') === true ? process.env.LOOKTWICE_TEST_POSTGRESQL : undefined;

const withName = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

/** Runs statements on the server. @returns the rows of the last one */
export async function onServer<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Several statements give several results, which the driver's types do not say.
    const results: QueryResult<Row> | QueryResult<Row>[] = await client.query<Row>(sql);
    return (Array.isArray(results) ? results.at(-1) : results)?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** Makes an empty database. @returns its address */
export async function emptyDatabase(server: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  return withName(server, name);
}

/** A database of today for one file of tests; undefined where the tests run on SQLite. */
export async function freshDatabase(): Promise<string | undefined> {
  const server = serverUrl();
  if (server === undefined) {
    return undefined;
  }
  const url = await emptyDatabase(server);
  await applyPostgresqlMigrations(url, readMigrations(postgresqlMigrations));
  return url;
}

export async function dropDatabase(url: string | undefined): Promise<void> {
  const server = serverUrl();
  if (url !== undefined && server !== undefined) {
    await onServer(server, `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
  }
}
