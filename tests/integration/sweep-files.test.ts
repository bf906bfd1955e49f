import { randomBytes } from 'node:crypto';
import { sweepFiles, QUARANTINE_DAYS } from '@/lib/serve/sweep-files';
import { newId } from '@/lib/contract';
import { database } from '@/lib/database/client';
import { registerStart } from '@/lib/database/installation';
import { ensureLocalUser } from '@/lib/database/users';
import { blobs } from '@/lib/storage';
import { owner } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';

const data = useDataDirectory();
const DAY = 24 * 60 * 60_000;
const now = Date.now();
/** Late enough for every file of these tests to be old. */
const soon = now + 2 * 60 * 60_000;

beforeAll(ensureLocalUser);

/** Stores a file, with a row or without. */
async function store(used: boolean): Promise<string> {
  const { key } = await blobs().write([randomBytes(50)], 100);
  if (used) {
    const image = { id: newId(), ownerId: owner.userId, sha256: key, name: 'a.png', mime: 'image/png' };
    await database().image.create({ data: { ...image, width: 1, height: 1, bytes: 50 } });
  }
  return key;
}

const present = async (keys: string[]) =>
  (await Promise.all(keys.map((key) => blobs().has(key)))).filter(Boolean).length;

/** The database and the files have been together for so many days. */
async function together(days: number): Promise<void> {
  await database().installation.deleteMany();
  await registerStart(data.path(), now - days * DAY);
  // The file may be an earlier test's: its key is another one then, and the time begins here.
}

beforeEach(async () => {
  await database().image.deleteMany();
  for await (const key of blobs().keysOlderThan(Infinity)) {
    await blobs().remove(key);
  }
});

test('an unused file is set aside, comes back when it is read, and is deleted days later', async () => {
  await together(30);
  const used = [await store(true), await store(true)];
  const [unused, wanted] = [await store(false), await store(false)];
  expect(await sweepFiles(soon)).toEqual({ setAside: 2, removed: 0, putBack: 0 });
  expect(await present([...used, unused, wanted])).toBe(2);
  expect((await blobs().read(wanted)).length).toBe(50);
  expect(await present([wanted])).toBe(1);
  const later = now + (QUARANTINE_DAYS + 1) * DAY;
  expect(await sweepFiles(later)).toMatchObject({ removed: 1 });
  await expect(blobs().read(unused)).rejects.toThrow('is missing');
  expect(await present(used)).toBe(2);
});

test('nothing is taken away with an empty database', async () => {
  await together(30);
  const files = [await store(false), await store(false)];
  expect(await sweepFiles(soon)).toEqual({ setAside: 0, removed: 0, putBack: 0 });
  expect(await present(files)).toBe(2);
});

test('nothing is taken away with a database that came to these files lately', async () => {
  await together(1);
  const files = [await store(true), await store(false)];
  expect(await sweepFiles(soon)).toMatchObject({ setAside: 0 });
  expect(await present(files)).toBe(2);
});

test('nothing is taken away when the database does not know most of the files', async () => {
  await together(30);
  const files = [await store(true)];
  for (let i = 0; i < 25; i += 1) {
    files.push(await store(false));
  }
  expect(await sweepFiles(soon)).toMatchObject({ setAside: 0 });
  expect(await present(files)).toBe(26);
});

test('what was set aside comes back when the right database is there again', async () => {
  await together(30);
  const key = await store(false);
  await store(true);
  expect(await sweepFiles(soon)).toMatchObject({ setAside: 1 });
  const image = { id: newId(), ownerId: owner.userId, sha256: key, name: 'b.png', mime: 'image/png' };
  await database().image.create({ data: { ...image, width: 1, height: 1, bytes: 50 } });
  expect(await sweepFiles(soon)).toEqual({ setAside: 0, removed: 0, putBack: 1 });
  expect(await present([key])).toBe(1);
});

test('a start tells whether the database is the one of the last start, a new one, or another', async () => {
  await database().installation.deleteMany();
  expect(await registerStart(data.path())).toBe('other');
  expect(await registerStart(data.path())).toBe('same');
  // A crash between the database and the file.
  await database().installation.update({ where: { id: 1 }, data: { starts: { increment: 1 } } });
  expect(await registerStart(data.path())).toBe('same');
  // An older copy.
  await database().installation.update({ where: { id: 1 }, data: { starts: { decrement: 2 } } });
  expect(await registerStart(data.path())).toBe('other');
  expect(await sweepFiles(soon)).toMatchObject({ setAside: 0 });
});
