import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeDatabase, openPostgresql, openSqlite } from '@/lib/database/client';
import { registerStart } from '@/lib/database/installation';
import { applyMigrations, readMigrations } from '@/lib/database/migrations';
import { readContents } from '@/lib/database/move/copy-rows';
import { move } from '@/lib/database/move/move';
import type { Place } from '@/lib/database/move/place';
import { TABLES } from '@/lib/database/move/tables';
import { blobsDirectory, databaseUrl } from '@/lib/storage/data-directory';
import { migrationsDirectory } from '../support/data-directory';
import { fillDatabase } from '../support/fill-database';
import { emptyDatabase, serverUrl } from '../support/postgresql';
import { runLooktwice } from '../support/run-looktwice';

jest.setTimeout(180_000);
const IMAGES = 70;
let scratch = '';
let source: Place;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'looktwice-move-'));
  source = { url: null, directory: join(scratch, 'source') };
  await applyMigrations(source.directory, readMigrations(migrationsDirectory));
  const client = openSqlite(databaseUrl(source.directory));
  await fillDatabase(client, source.directory, IMAGES, (index) => Buffer.from(`image ${index}`));
  await client.$disconnect();
  await writeFile(
    join(source.directory, 'installation.json'),
    JSON.stringify({ key: 'this one', starts: 3, togetherSince: 1 }),
  );
});
afterEach(async () => {
  await closeDatabase();
  delete process.env.DATABASE_URL;
  await rm(scratch, { recursive: true, force: true });
});

const postgresqlPlace = async (name = 'files'): Promise<Place> => ({
  url: await emptyDatabase(serverUrl() ?? ''),
  directory: join(scratch, name),
});

const openAt = ({ url, directory }: Place) => (url === null ? openSqlite(databaseUrl(directory)) : openPostgresql(url));

async function contentsOf(place: Place): Promise<object> {
  const client = openAt(place);
  try {
    return Object.fromEntries(await readContents(client, () => undefined));
  } finally {
    await client.$disconnect();
  }
}

class Interrupted extends Error {}

/**
 * Moves in as many attempts as it takes when each is cut off some steps further than the last. @returns the number of
 * interruptions
 */
async function moveWithInterruptions(from: Place, to: Place, onInterruption: () => Promise<void>): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    let steps = 0;
    const progress = () => {
      steps += 1;
      if (steps > attempt * 40) {
        throw new Interrupted();
      }
    };
    try {
      await move(from, to, { progress, piece: 7 });
      return attempt;
    } catch (error) {
      if (!(error instanceof Interrupted)) {
        throw error;
      }
      await onInterruption();
    }
  }
}

test('there and back, cut off again and again, everything is the same', async () => {
  const target = await postgresqlPlace();
  process.env.DATABASE_URL = target.url ?? '';
  const there = await moveWithInterruptions(source, target, async () => {
    await expect(registerStart(target.directory)).rejects.toThrow(/has not ended: run `looktwice db move` again/);
    await expect(move(target, { url: null, directory: join(scratch, 'early') })).rejects.toThrow(/has not ended/);
  });
  expect(there).toBeGreaterThan(3);
  const before = await contentsOf(source);
  expect(await contentsOf(target)).toEqual(before);
  expect(before).toMatchObject({ image: { count: IMAGES }, message: { count: 60 }, session: { count: 0 } });
  // The files and the database know that they belong together.
  expect(await registerStart(target.directory)).toBe('same');
  await closeDatabase();
  delete process.env.DATABASE_URL;

  const home: Place = { url: null, directory: join(scratch, 'home') };
  expect(await moveWithInterruptions(target, home, async () => undefined)).toBeGreaterThan(3);
  expect(await contentsOf(home)).toEqual(before);
  const client = openAt(home);
  const key = (await client.image.findFirstOrThrow({ where: { name: 'été 3.png' } })).sha256;
  await client.$disconnect();
  const path = join(blobsDirectory(home.directory), key.slice(0, 2), key.slice(2, 4), key);
  expect(await readFile(path, 'utf8')).toBe('image 3');
});

test('what changed since is brought over by another run, and only when that is meant', async () => {
  const target = await postgresqlPlace();
  await move(source, target);
  const client = openAt(source);
  await client.datasetItem.delete({ where: { id: 'it9' } });
  await client.image.deleteMany({ where: { name: 'été 9.png' } });
  await client.session.create({ data: { id: 's', userId: 'u1', token: 't', expiresAt: new Date() } });
  await client.message.update({ where: { id: 'm4' }, data: { text: 'other', parentId: null } });
  await client.message.update({ where: { id: 'm5' }, data: { parentId: 'm9' } });
  await client.auditEvent.create({ data: { id: 'b', action: 'y', targetType: 'x', targetId: 'x' } });
  await client.$disconnect();
  await expect(move(source, target)).rejects.toThrow(/has this installation already: add --replace/);
  await move(source, target, { replace: true });
  expect(await contentsOf(target)).toEqual(await contentsOf(source));
});

test('a target that was used since, is not empty or is another installation is left alone', async () => {
  const target = await postgresqlPlace();
  await move(source, target);
  process.env.DATABASE_URL = target.url ?? '';
  await registerStart(target.directory);
  await expect(move(source, target, { replace: true })).rejects.toThrow(
    /used since it was moved: nothing is overwritten/,
  );
  await closeDatabase();
  const client = openAt(target);
  await client.installation.update({ where: { id: 1 }, data: { key: 'another one', starts: 0 } });
  await expect(move(source, target, { replace: true })).rejects.toThrow(/has another installation/);
  await client.installation.deleteMany();
  await expect(move(source, target)).rejects.toThrow(/is not empty/);
  await client.$disconnect();
});

test('a damaged or missing file ends the move with its name, and the next one goes on', async () => {
  const target = await postgresqlPlace();
  const client = openAt(source);
  const { sha256 } = await client.image.findFirstOrThrow({ where: { name: 'été 7.png' } });
  await client.$disconnect();
  const path = join(blobsDirectory(source.directory), sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  await writeFile(path, 'other');
  await expect(move(source, target)).rejects.toThrow(`The stored file ${sha256} is damaged`);
  await rm(path);
  await expect(move(source, target)).rejects.toThrow(`The stored file ${sha256} is missing`);
  await writeFile(path, 'image 7');
  await expect(move(source, target)).resolves.toMatchObject({ files: IMAGES + 1 });
});

test('images stay where they are when both places have the same folder, and are verified there', async () => {
  const target = { ...(await postgresqlPlace()), directory: source.directory };
  await move(source, target);
  expect(await contentsOf(target)).toEqual(await contentsOf(source));
});

test('the command, killed in the middle, goes on from there', async () => {
  const target = await postgresqlPlace();
  const args = ['db', 'move', '--from', source.directory, '--to', 'DATABASE_URL', '--to-data', target.directory];
  const env = { DATABASE_URL: target.url ?? '' };
  const child = spawn(process.execPath, ['bin/looktwice.mjs', ...args], { env: { ...process.env, ...env } });
  await new Promise((done) => {
    child.stderr.once('data', () => child.kill('SIGKILL'));
    child.once('close', done);
  });
  const outcome = await runLooktwice([...args, '--json'], env);
  expect([outcome.code, JSON.parse(outcome.stdout)]).toEqual([
    0,
    expect.objectContaining({ files: IMAGES + 1, working: null }),
  ]);
  expect(await contentsOf(target)).toEqual(await contentsOf(source));
  const again = await runLooktwice(['db', 'backup', join(scratch, 'backup')], env);
  expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/PostgreSQL .*use pg_dump/)]);
});

test('every table of the schema is moved, by its key, after what it refers to', async () => {
  const schema = await readFile('prisma/schema.prisma', 'utf8');
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => ({
    name,
    body,
  }));
  const modelOf = (name: string) => `${name[0]?.toLowerCase()}${name.slice(1)}`;
  const order = TABLES.map(({ model }) => model);
  expect([...order, 'installation'].sort()).toEqual(models.map(({ name }) => modelOf(name)).sort());
  for (const { name, body } of models.filter((each) => each.name !== 'Installation')) {
    const table = TABLES.find(({ model }) => model === modelOf(name));
    const compound = /@@id\(\[([^\]]+)\]\)/.exec(body)?.[1]?.split(', ');
    expect([name, table?.key]).toEqual([name, compound ?? ['id']]);
    const json = [...body.matchAll(/^\s+(\w+)\s+Json(\??)/gm)].map(([, column, empty]) => `${column}${empty}`);
    expect([name, table?.json ?? []]).toEqual([name, json]);
    for (const [, other = '', column] of body.matchAll(/^\s+\w+\s+(\w+)\??\s+@relation\(.*fields: \[(\w+)\]/gm)) {
      if (other === name) {
        expect([name, table?.own]).toEqual([name, column]);
      } else {
        expect([name, other, order.indexOf(modelOf(other)) < order.indexOf(modelOf(name))]).toEqual([
          name,
          other,
          true,
        ]);
      }
    }
  }
});
