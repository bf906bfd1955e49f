import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMigrations } from '@/lib/database/migrations';
import { applyPostgresqlMigrations } from '@/lib/database/postgresql-migrations';
import { withByteOrder } from '@/prisma/postgresql-schema';
import {
  dropDatabase,
  emptyDatabase,
  freshDatabase,
  onServer,
  postgresqlMigrations,
  serverUrl,
} from '../support/postgresql';
import { runTypeScript } from '../support/run-typescript';

let made = '';
beforeAll(async () => {
  made = (await freshDatabase()) ?? '';
});
afterAll(() => dropDatabase(made));

/** What a database is made of, in an order of its own. */
const catalogue = (url: string) =>
  onServer<{ line: string }>(
    url,
    `SELECT line FROM (
       SELECT format('column %s.%s %s %s %s %s', table_name, column_name, udt_name, collation_name, is_nullable, column_default) AS line
         FROM information_schema.columns WHERE table_schema = 'public'
       UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public'
       UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     ) AS lines WHERE line NOT LIKE '%\\_prisma\\_migrations%' ORDER BY line COLLATE "C"`,
  ).then((rows) => rows.map(({ line }) => line));

test('the migrations make what the schema says', async () => {
  const schema = readFileSync(join(process.cwd(), 'prisma/postgresql/schema.prisma'), 'utf8');
  const { stdout } = await runTypeScript('tests/support/postgresql-sql.ts', [serverUrl() ?? '']);
  const direct = await emptyDatabase(serverUrl() ?? '');
  try {
    await onServer(direct, `CREATE EXTENSION pg_trgm; ${withByteOrder(stdout)}`);
    const [said, got] = [await catalogue(direct), await catalogue(made)];
    expect(got).toEqual(said);
    expect(got.filter((line) => line.startsWith('column ')).length).toBeGreaterThan(250);
    for (const [, model = ''] of schema.matchAll(/^model (\w+)/gm)) {
      expect(got.some((line) => line.startsWith(`column ${model}.`))).toBe(true);
    }
    // Sorted as SQLite sorts, wherever the server was set up.
    expect(got.filter((line) => / text /.test(line) && !line.includes(' text C '))).toEqual([]);
  } finally {
    await dropDatabase(direct);
  }
});

test('several processes may migrate at once, and each migration runs once', async () => {
  const url = await emptyDatabase(serverUrl() ?? '');
  try {
    const migrations = readMigrations(postgresqlMigrations);
    const applied = await Promise.all([1, 2, 3].map(() => applyPostgresqlMigrations(url, migrations)));
    expect(applied.flat()).toEqual(migrations.map(({ name }) => name));
    await expect(applyPostgresqlMigrations(url, [])).rejects.toThrow(/does not know: run the newer version/);
    const [first] = migrations;
    await expect(
      applyPostgresqlMigrations(url, [{ name: first?.name ?? '', sql: '', checksum: 'other' }, ...migrations.slice(1)]),
    ).rejects.toThrow(/was changed after it was applied/);
  } finally {
    await dropDatabase(url);
  }
});

test('a migration that fails leaves nothing behind', async () => {
  const url = await emptyDatabase(serverUrl() ?? '');
  try {
    const bad = { name: '20990101000000_bad', sql: 'CREATE TABLE half (id int); SELECT 1 / 0', checksum: 'x' };
    await expect(applyPostgresqlMigrations(url, [bad])).rejects.toThrow(
      /20990101000000_bad failed and was rolled back/,
    );
    const tables = await onServer(url, "SELECT 1 FROM pg_tables WHERE tablename = 'half'");
    expect(tables).toEqual([]);
    await expect(applyPostgresqlMigrations(url, [])).resolves.toEqual([]);
  } finally {
    await dropDatabase(url);
  }
});

test('a database that cannot be reached is named without its password', async () => {
  const error = await applyPostgresqlMigrations('postgres://me:geheim@127.0.0.1:9/none', []).catch(String);
  expect(error).toMatch(/postgres:\/\/me@127\.0\.0\.1:9\/none \(DATABASE_URL\) cannot be reached.*Start it/);
  expect(error).not.toContain('geheim');
});
