import { openPostgresql } from '@/lib/database/client';
import { holdDatabase, releaseDatabase } from '@/lib/database/hold-database';
import { toAppError } from '@/lib/http/known-errors';
import { startPostgresql, type PostgresqlServer } from '../support/postgresql-server.mjs';
import { applyPostgresqlMigrations } from '@/lib/database/postgresql-migrations';
import { readMigrations } from '@/lib/database/migrations';
import { emptyDatabase, onServer, postgresqlMigrations } from '../support/postgresql';

let server: PostgresqlServer;
let url = '';
let clients: ReturnType<typeof openPostgresql>[] = [];

const open = (options?: { snapshot: boolean }) => {
  const client = openPostgresql(url, options);
  clients.push(client);
  return client;
};

beforeAll(async () => {
  server = await startPostgresql();
});
afterAll(() => server.stop());
beforeEach(async () => {
  url = await emptyDatabase(server.url);
  await applyPostgresqlMigrations(url, readMigrations(postgresqlMigrations));
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.$disconnect()));
  clients = [];
});

test('what a transaction has read stays so until it ends, whoever else writes', async () => {
  const [one, other] = [open(), open()];
  await one.user.create({ data: { id: 'u', name: '0' } });
  const addOne = (client: typeof one) =>
    client.$transaction(async (tx) => {
      const { name } = await tx.user.findUniqueOrThrow({ where: { id: 'u' } });
      await new Promise((done) => setTimeout(done, 2));
      await tx.user.update({ where: { id: 'u' }, data: { name: String(Number(name) + 1) } });
    });
  await Promise.all(Array.from({ length: 40 }, (_, index) => addOne(index % 2 === 0 ? one : other)));
  expect((await one.user.findUniqueOrThrow({ where: { id: 'u' } })).name).toBe('40');
});

test('a write outside of a transaction waits for the transactions of others; reading does not', async () => {
  const [one, other] = [open(), open()];
  await one.user.create({ data: { id: 'u', name: 'before' } });
  const order: string[] = [];
  let write: Promise<unknown> = Promise.resolve();
  await one.$transaction(async (tx) => {
    await tx.user.findMany();
    write = other.user.update({ where: { id: 'u' }, data: { email: 'a@b.c' } }).then(() => order.push('written'));
    expect((await other.user.findUniqueOrThrow({ where: { id: 'u' } })).name).toBe('before');
    await tx.user.update({ where: { id: 'u' }, data: { name: 'after' } });
    order.push('ending');
  });
  await write;
  expect(order).toEqual(['ending', 'written']);
  expect(await one.user.findUniqueOrThrow({ where: { id: 'u' } })).toMatchObject({ name: 'after', email: 'a@b.c' });
});

test('a transaction that fails leaves nothing and holds nobody up', async () => {
  const client = open();
  await expect(
    client.$transaction(async (tx) => {
      await tx.user.create({ data: { id: 'u', name: 'x' } });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await expect(
    client.session.create({ data: { id: 's', userId: 'none', token: 't', expiresAt: new Date() } }),
  ).rejects.toThrow();
  expect(await client.user.count()).toBe(0);
  await client.user.create({ data: { id: 'u', name: 'y' } });
  expect(await client.user.count()).toBe(1);
});

test('JSON comes back as it was, keys in their order; a NUL in text is replaced', async () => {
  const client = open();
  await client.user.create({ data: { id: 'u', name: 'a\0b' } });
  const detail = { z: 1, a: [null, 1e-7, 'NUL \0, half \ud83d'], '': { b: true } };
  await client.auditEvent.create({
    data: { id: 'e', action: 'x', targetType: 'x', targetId: 'x\0', detail },
  });
  const row = await client.auditEvent.findFirstOrThrow({ where: { targetId: 'x\0' } });
  expect(JSON.stringify(row.detail)).toBe(JSON.stringify(detail));
  expect((await client.user.findUniqueOrThrow({ where: { id: 'u' } })).name).toBe('a\uFFFDb');
});

test('text sorts byte by byte', async () => {
  const client = open();
  const names = ['Zebra', 'apple', 'Äpfel', '10', '9', '中', '🙂', '﹐', ' a'];
  await client.user.createMany({ data: names.map((name, index) => ({ id: String(index), name })) });
  const sorted = (await client.user.findMany({ orderBy: { name: 'asc' } })).map(({ name }) => name);
  expect(sorted).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
});

test('a database that is away is reported as such, and served again when it is back', async () => {
  const client = open();
  await client.user.create({ data: { id: 'u', name: 'x' } });
  server.control('stop', '-m', 'immediate');
  try {
    for (const work of [
      () => client.user.findMany(),
      () => client.user.update({ where: { id: 'u' }, data: { name: 'y' } }),
      () => client.$transaction((tx) => tx.user.findMany()),
    ]) {
      const error: unknown = await work().catch((thrown: unknown) => thrown);
      expect([error, toAppError(error).code]).toEqual([expect.any(Error), 'database_unavailable']);
    }
  } finally {
    server.start();
  }
  expect(await client.user.count()).toBe(1);
});

test('what was acknowledged survives the end of the server in the middle of writing', async () => {
  const client = open();
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    let failed = false;
    const writing = (async () => {
      for (let index = 0; !failed; index += 1) {
        const id = `${round}-${index}`;
        await client.user
          .create({ data: { id, name: id } })
          .then(() => acknowledged.push(id))
          .catch(() => (failed = true));
      }
    })();
    while (acknowledged.filter((id) => id.startsWith(`${round}-`)).length < 20) {
      await new Promise((done) => setTimeout(done, 5));
    }
    server.control('stop', '-m', 'immediate');
    await writing;
    server.start();
  }
  const stored = new Set((await client.user.findMany({ select: { id: true } })).map(({ id }) => id));
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(60);
});

test('one server holds a database; another one is refused, and may have it afterwards', async () => {
  process.env.DATABASE_URL = url;
  try {
    await holdDatabase(() => undefined);
    const locks = await onServer(url, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted");
    expect(locks).toHaveLength(1);
    // Another process, as far as the database can tell.
    const [taken] = await onServer<{ free: boolean }>(url, 'SELECT pg_try_advisory_lock(5230003) AS free');
    expect(taken?.free).toBe(false);
    await releaseDatabase();
    const [free] = await onServer<{ free: boolean }>(url, 'SELECT pg_try_advisory_lock(5230003) AS free');
    expect(free?.free).toBe(true);
  } finally {
    await releaseDatabase();
    delete process.env.DATABASE_URL;
  }
});

test('a long transaction of a snapshot sees one moment and holds nobody up', async () => {
  const [writer, reader] = [open(), open({ snapshot: true })];
  await writer.user.create({ data: { id: 'u', name: 'x' } });
  await reader.$transaction(
    async (tx) => {
      expect(await tx.user.count()).toBe(1);
      await writer.user.create({ data: { id: 'v', name: 'y' } });
      expect(await tx.user.count()).toBe(1);
    },
    { isolationLevel: 'RepeatableRead' as 'Serializable' },
  );
  expect(await reader.user.count()).toBe(2);
});
