/**
 * Brings the database of the data directory up to date.
 *
 *   node --import tsx prisma/migrate.ts                 apply what is pending
 *   node --import tsx prisma/migrate.ts --check         exit 1 when schema.prisma and the migrations differ
 *   node --import tsx prisma/migrate.ts --create NAME   write the migration that makes them agree
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applyMigrations, readMigrations } from '../lib/database/migrations';
import { dataDirectory, databaseUrl } from '../lib/storage/data-directory';

const migrationsDirectory = join(__dirname, 'migrations');
const schemaPath = join(__dirname, 'schema.prisma');

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

async function check(): Promise<number> {
  const sql = await drift();
  if (sql === '') {
    return 0;
  }
  console.error(`prisma/schema.prisma and prisma/migrations differ: run --create NAME. Missing:\n${sql}`);
  return 1;
}

async function create(name: string): Promise<number> {
  if (!/^[a-z0-9_]+$/.test(name)) {
    console.error(`--create ${name}: a migration's name has only a-z, 0-9 and _`);
    return 2;
  }
  const sql = await drift();
  if (sql === '') {
    console.error('Nothing to do: prisma/schema.prisma and prisma/migrations agree');
    return 0;
  }
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const directory = join(migrationsDirectory, `${stamp}_${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'migration.sql'), sql);
  console.error(`Wrote ${join(directory, 'migration.sql')}`);
  return 0;
}

async function apply(): Promise<number> {
  // What it makes is the owner's alone.
  process.umask(0o077);
  const applied = await applyMigrations(dataDirectory(), readMigrations(migrationsDirectory));
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
