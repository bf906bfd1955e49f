import { rename, truncate, copyFile } from 'node:fs/promises';
import { database } from '@/lib/database/client';
import { checkWritable } from '@/lib/database/installation';
import { toAppError } from '@/lib/http/known-errors';
import { databasePath } from '@/lib/storage/data-directory';
import { useDataDirectory } from '../../support/data-directory';

useDataDirectory();

const write = (id: string) => database().user.create({ data: { id, name: id } });
const inTransaction = (id: string) => database().$transaction((tx) => tx.user.create({ data: { id, name: id } }));

/** What becomes of a write: the code that a client gets. */
async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'stored',
    (error: unknown) => toAppError(error).code,
  );
}

test('nothing is acknowledged while the file is not where it was, and again as soon as it is', async () => {
  expect(await outcome(write('before'))).toBe('stored');
  await rename(databasePath(), `${databasePath()}.away`);
  expect(await outcome(write('gone'))).toBe('database_unavailable');
  expect(await outcome(inTransaction('gone too'))).toBe('database_unavailable');
  expect(await outcome(checkWritable())).toBe('database_unavailable');
  await rename(`${databasePath()}.away`, databasePath());
  expect(await outcome(checkWritable())).toBe('stored');
  expect(await outcome(inTransaction('after'))).toBe('stored');
  expect((await database().user.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id)).toEqual(['after', 'before']);
});

test('a file that goes in the middle of a transaction leaves nothing behind', async () => {
  const work = database().$transaction(async (tx) => {
    await tx.user.create({ data: { id: 'half', name: 'half' } });
    await rename(databasePath(), `${databasePath()}.away`);
  });
  expect(await outcome(work)).toBe('database_unavailable');
  await rename(`${databasePath()}.away`, databasePath());
  expect(await database().user.findUnique({ where: { id: 'half' } })).toBeNull();
});

test('a file that was replaced or cut off is not written to', async () => {
  await copyFile(databasePath(), `${databasePath()}.copy`);
  await rename(databasePath(), `${databasePath()}.away`);
  await rename(`${databasePath()}.copy`, databasePath());
  expect(await outcome(write('replaced'))).toBe('database_unavailable');
  await rename(`${databasePath()}.away`, databasePath());
  await database().$executeRaw`PRAGMA wal_checkpoint(TRUNCATE)`.catch(() => undefined);
  await truncate(databasePath(), 4096);
  expect(await outcome(write('cut off'))).toBe('database_unavailable');
});
