import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { SqliteAdapter } from '@/lib/database/adapter';
import { applyMigrations, readMigrations, type Migration } from '@/lib/database/migrations';
import { restoreDatabase } from '@/lib/database/snapshot';
import { databaseUrl } from '@/lib/storage/data-directory';
import { migrationsDirectory } from '../../support/data-directory';

const migrations = readMigrations(migrationsDirectory);
const dataDirectory = join(__dirname, 'data');
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'looktwice-migrate-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function query(sql: string): Promise<unknown[][]> {
  const db = await new SqliteAdapter(databaseUrl(directory)).connect();
  try {
    return (await db.queryRaw({ sql, args: [], argTypes: [] })).rows;
  } finally {
    await db.dispose();
  }
}

async function run(script: string): Promise<void> {
  const db = await new SqliteAdapter(databaseUrl(directory)).connect();
  try {
    await db.executeScript(script);
  } finally {
    await db.dispose();
  }
}

/** Every row of every table, by table. */
async function contents(): Promise<Record<string, unknown[]>> {
  const tables = await query(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name",
  );
  const found: Record<string, unknown[]> = {};
  for (const [name] of tables) {
    found[String(name)] = await query(`SELECT * FROM "${String(name)}" ORDER BY 1, 2`);
  }
  return found;
}

function later(name: string, sql: string): Migration {
  return { name, sql, checksum: 'test' };
}

test('the migrations make what the schema says', async () => {
  const node = promisify(execFile);
  await expect(node(process.execPath, ['--import', 'tsx', 'prisma/migrate.ts', '--check'])).resolves.toBeDefined();
});

test('applies each migration once', async () => {
  expect(await applyMigrations(directory, migrations)).toEqual(migrations.map(({ name }) => name));
  expect(await applyMigrations(directory, migrations)).toEqual([]);
});

test('two processes at once: one applies, the other waits and finds nothing to do', async () => {
  const node = promisify(execFile);
  const env = { ...process.env, LOOKTWICE_DATA: directory };
  const results = await Promise.all(
    [1, 2, 3].map(() => node(process.execPath, ['--import', 'tsx', 'prisma/migrate.ts'], { env })),
  );
  expect(results.filter(({ stderr }) => stderr.includes('applied'))).toHaveLength(1);
});

test('a failing migration leaves the database as it was', async () => {
  await applyMigrations(directory, migrations);
  const bad = later('29990101000000_bad', 'CREATE TABLE extra (id TEXT); INSERT INTO missing VALUES (1);');
  await expect(applyMigrations(directory, [...migrations, bad])).rejects.toThrow(
    /29990101000000_bad failed and was rolled back/,
  );
  expect(await query("SELECT name FROM sqlite_master WHERE name = 'extra'")).toEqual([]);
  expect(await applyMigrations(directory, migrations)).toEqual([]);
});

test('a database in use is copied before it is changed, the last three copies are kept, and a copy brings it back', async () => {
  await applyMigrations(directory, migrations);
  const shelf = join(directory, 'backups');
  expect(await readdir(directory)).not.toContain('backups');
  await run(await readFile(join(dataDirectory, '20261124082249_initial.sql'), 'utf8'));
  const bad = later('29990101000000_bad', "DELETE FROM AuditEvent; UPDATE User SET name = 'lost';");
  await applyMigrations(directory, [...migrations, bad]);
  const [copy = ''] = await readdir(shelf);
  expect(copy).toMatch(/^before-29990101000000_bad-[\dT-]+Z\.db$/);
  expect((await stat(join(shelf, copy))).mode & 0o777).toBe(0o600);
  expect(await query("SELECT count(*) FROM User WHERE name = 'lost'")).not.toEqual([[0]]);
  const kept = await restoreDatabase(join(shelf, copy), directory);
  expect(kept).toMatch(/looktwice\.db\.before-restore-\d+$/);
  expect(await query("SELECT count(*) FROM User WHERE name = 'lost'")).toEqual([[0]]);
  expect(await query('SELECT count(*) FROM AuditEvent')).not.toEqual([[0]]);
  await applyMigrations(directory, migrations);

  for (const year of [2990, 2991, 2992, 2993]) {
    const more = Array.from({ length: year - 2989 }, (_, i) => later(`${2990 + i}0101000000_more`, 'SELECT 1;'));
    await applyMigrations(directory, [...migrations, ...more]);
    await new Promise((resolve) => setTimeout(resolve, 1_001));
  }
  const names = await readdir(shelf);
  expect(names.map((name) => name.slice(7, 11)).sort()).toEqual(['2991', '2992', '2993']);
});

test('nothing is changed when it cannot be copied before', async () => {
  await applyMigrations(directory, migrations);
  await writeFile(join(directory, 'backups'), 'a file where the directory should be');
  const next = later('29990101000000_extra', 'CREATE TABLE extra (id TEXT);');
  await expect(applyMigrations(directory, [...migrations, next])).rejects.toThrow(/cannot be backed up before/);
  expect(await query("SELECT name FROM sqlite_master WHERE name = 'extra'")).toEqual([]);
});

test('refuses a migration that was changed after it was applied, and a database of a newer version', async () => {
  const extra = later('29990101000000_extra', 'CREATE TABLE extra (id TEXT);');
  await applyMigrations(directory, [...migrations, extra]);
  await expect(applyMigrations(directory, [...migrations, { ...extra, checksum: 'other' }])).rejects.toThrow(
    /was changed/,
  );
  await expect(applyMigrations(directory, migrations)).rejects.toThrow(
    /29990101000000_extra, which this version does not know/,
  );
});

test('refuses to go on when a migration left a reference dangling', async () => {
  await applyMigrations(directory, migrations);
  await run(await readFile(join(dataDirectory, '20261124082249_initial.sql'), 'utf8'));
  const bad = later('29990101000000_drop', "DELETE FROM Image WHERE id = 'image-1';");
  await expect(applyMigrations(directory, [...migrations, bad])).rejects.toThrow(/refers to a missing row of Image/);
});

test('every released schema has a data file, and the first has a row in every table', async () => {
  const files = await readdir(dataDirectory);
  expect(files.sort()).toEqual(migrations.map(({ name }) => `${name}.sql`));
  await applyMigrations(directory, migrations.slice(0, 1));
  await run(await readFile(join(dataDirectory, files[0] ?? ''), 'utf8'));
  for (const [table, rows] of Object.entries(await contents())) {
    expect([table, rows.length]).not.toEqual([table, 0]);
  }
});

test.each(migrations.map(({ name }) => name))('upgrades from %s with data in it and loses no row', async (name) => {
  const upTo = migrations.findIndex((migration) => migration.name === name) + 1;
  for (const [index, migration] of migrations.slice(0, upTo).entries()) {
    await applyMigrations(directory, migrations.slice(0, index + 1));
    await run(await readFile(join(dataDirectory, `${basename(migration.name)}.sql`), 'utf8'));
  }
  const before = await contents();
  // Beyond the committed ones, a table is rebuilt the way Prisma does it, so that the path is tested while there is one
  // migration only.
  const rebuild = later(
    '29990101000000_rebuild',
    `PRAGMA defer_foreign_keys=ON; PRAGMA foreign_keys=OFF;
     CREATE TABLE "new_AuditEvent" AS SELECT * FROM "AuditEvent"; DROP TABLE "AuditEvent";
     ALTER TABLE "new_AuditEvent" RENAME TO "AuditEvent"; ALTER TABLE "Conversation" ADD COLUMN "note" TEXT;
     PRAGMA foreign_keys=ON; PRAGMA defer_foreign_keys=OFF;`,
  );
  await applyMigrations(directory, [...migrations, rebuild]);
  const after = await contents();
  for (const [table, rows] of Object.entries(before)) {
    expect([table, after[table]?.length]).toEqual([table, rows.length]);
  }
});
