import { database } from '@/lib/database/client';
import { useDataDirectory } from '../../support/data-directory';

useDataDirectory();

async function pragma(name: string): Promise<unknown> {
  const rows = await database().$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${name}`);
  const value = Object.values(rows[0] ?? {})[0];
  return typeof value === 'bigint' ? Number(value) : value;
}

const user = (id: string) => ({ id, name: id });

test.each([
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['busy_timeout', 10_000],
  ['foreign_keys', 1],
])('the pragma %s holds, after a transaction too', async (name, value) => {
  expect(await pragma(name)).toBe(value);
  await database().$transaction(async (tx) => tx.user.count());
  expect(await pragma(name)).toBe(value);
});

test('a transaction that throws leaves nothing', async () => {
  const work = database().$transaction(async (tx) => {
    await tx.user.create({ data: user('rolled-back') });
    throw new Error('stop');
  });
  await expect(work).rejects.toThrow('stop');
  expect(await database().user.findUnique({ where: { id: 'rolled-back' } })).toBeNull();
});

test('transactions at once neither fail nor lose an update', async () => {
  await database().user.create({ data: { ...user('counter'), name: '0' } });
  const add = () =>
    database().$transaction(async (tx) => {
      const { name } = await tx.user.findUniqueOrThrow({ where: { id: 'counter' } });
      await tx.user.update({ where: { id: 'counter' }, data: { name: String(Number(name) + 1) } });
    });
  await Promise.all(Array.from({ length: 40 }, add));
  expect((await database().user.findUniqueOrThrow({ where: { id: 'counter' } })).name).toBe('40');
});

test('a row that refers to nothing is refused', async () => {
  const orphan = database().conversation.create({ data: { id: 'c', ownerId: 'nobody', title: 't' } });
  await expect(orphan).rejects.toThrow(/foreign key/i);
});
