/**
 * `node --import tsx prisma/migrate.ts`: brings the database up to date: that of DATABASE_URL, else the one in the data
 * directory. --check: fails when prisma/schema.prisma says something else than the migrations, or the migrations for
 * PostgreSQL are not in step. --create NAME: writes the SQL of what the schema says and the migrations lack, for both.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { postgresqlUrl } from '../lib/database/kind';
import { applyMigrations, readMigrations } from '../lib/database/migrations';
import { applyPostgresqlMigrations } from '../lib/database/postgresql-migrations';
import { dataDirectory, databaseUrl } from '../lib/storage/data-directory';
import { postgresqlSchema, withByteOrder } from './postgresql-schema';

const migrationsDirectory = join(__dirname, 'migrations');
const schemaPath = join(__dirname, 'schema.prisma');
const postgresql = {
  migrations: join(__dirname, 'postgresql', 'migrations'),
  schema: join(__dirname, 'postgresql', 'schema.prisma'),
};

/** The SQL that the migrations lack; they are applied to a throw-away database to find out. */
async function drift(): Promise<string> {
  const { diffFromDatabase } = await import('./schema-engine');
  const scratch = mkdtempSync(join(tmpdir(), 'looktwice-schema-'));
  try {
    await applyMigrations(scratch, readMigrations(migrationsDirectory));
    return await diffFromDatabase(databaseUrl(scratch), readFileSync(schemaPath, 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The schema for PostgreSQL as it should be; the file is what its migrations make. */
const derived = (): string => postgresqlSchema(readFileSync(schemaPath, 'utf8'));

/** Names that only one of the two has, of the migrations since PostgreSQL came. */
function outOfStep(): string[] {
  const [first = { name: '' }, ...later] = readMigrations(postgresql.migrations);
  const theirs = later.map(({ name }) => name);
  const ours = readMigrations(migrationsDirectory).flatMap(({ name }) => (name > first.name ? [name] : []));
  const one = (names: string[], others: string[]) => names.filter((name) => !others.includes(name));
  return [...one(ours, theirs), ...one(theirs, ours)].sort();
}

async function check(): Promise<number> {
  const sql = await drift();
  if (sql !== '') {
    console.error(`prisma/schema.prisma and prisma/migrations differ: run --create NAME. Missing:\n${sql}`);
    return 1;
  }
  if (readFileSync(postgresql.schema, 'utf8') !== derived()) {
    console.error('prisma/postgresql/schema.prisma is not what prisma/schema.prisma gives: run --create NAME');
    return 1;
  }
  const names = outOfStep();
  if (names.length > 0) {
    console.error(`Only one of prisma/migrations and prisma/postgresql/migrations has ${names.join(', ')}`);
    return 1;
  }
  return 0;
}

function write(directory: string, name: string, sql: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'migration.sql'), sql);
  console.error(`Wrote ${join(directory, name, 'migration.sql')}`);
}

async function create(name: string): Promise<number> {
  if (!/^[a-z0-9_]+$/.test(name)) {
    console.error(`--create ${name}: a migration's name has only a-z, 0-9 and _`);
    return 2;
  }
  const url = postgresqlUrl();
  if (url === undefined) {
    console.error('--create: set DATABASE_URL to a PostgreSQL database, any one: it stays as it is');
    return 2;
  }
  const { diffPostgresql } = await import('./schema-engine');
  const sql = await drift();
  const theirs = await diffPostgresql(url, readFileSync(postgresql.schema, 'utf8'), derived());
  if (sql === '' && theirs === '') {
    console.error('Nothing to do: prisma/schema.prisma and prisma/migrations agree');
    return 0;
  }
  const directory = `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`;
  const none = '-- Nothing changes here.\n';
  write(migrationsDirectory, directory, sql === '' ? none : sql);
  write(postgresql.migrations, directory, theirs === '' ? none : withByteOrder(theirs));
  writeFileSync(postgresql.schema, derived());
  return 0;
}

async function apply(): Promise<number> {
  // What it makes is the owner's alone.
  process.umask(0o077);
  const url = postgresqlUrl();
  const applied =
    url === undefined
      ? await applyMigrations(dataDirectory(), readMigrations(migrationsDirectory))
      : await applyPostgresqlMigrations(url, readMigrations(postgresql.migrations));
  if (applied.length > 0) {
    console.error(`Database: applied ${applied.join(', ')}`);
  }
  return 0;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, create: { type: 'string' } } });
  if (values.create !== undefined) {
    return create(values.create);
  }
  return values.check === true ? check() : apply();
}

main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
