import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, restore } from '@/lib/database/backup';
import { closeDatabase, database } from '@/lib/database/client';
import { restoreDatabase, snapshotDatabase } from '@/lib/database/snapshot';
import { putImage } from '@/lib/database/images';
import { newId } from '@/lib/contract';
import { blobs } from '@/lib/storage';
import { owner, storeTurn } from '../../support/conversations';
import { useDataDirectory } from '../../support/data-directory';

const data = useDataDirectory();
let target: string;

beforeEach(async () => {
  target = join(await mkdtemp(join(tmpdir(), 'looktwice-backup-')), 'copy');
});
afterEach(() => rm(join(target, '..'), { recursive: true, force: true }));

async function addImage(text: string): Promise<string> {
  const { key } = await blobs().write([Buffer.from(text)], 1000);
  await putImage(owner, {
    id: newId(),
    sha256: key,
    name: text,
    mime: 'image/png',
    width: 1,
    height: 1,
    bytes: text.length,
  });
  return key;
}

test('what is backed up while the server writes comes back, with its files and nothing else', async () => {
  await storeTurn({ conversationId: newId(), question: 'Before?', answer: [{ type: 'text', text: 'Yes.' }] });
  const key = await addImage('kept');
  await blobs().write([Buffer.from('refers to nothing')], 1000);
  let writing = true;
  const writer = (async () => {
    for (let i = 0; writing; i += 1) {
      await storeTurn({ conversationId: newId(), question: `During ${i}?`, answer: [{ type: 'text', text: 'Yes.' }] });
      // SQLite answers at once: without a pause nothing else of this process would get its turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  try {
    expect((await backup(data.path(), target)).files).toHaveLength(2);
    expect((await readdir(target)).sort()).toEqual(['backup.json', 'blobs', 'looktwice.db']);
  } finally {
    writing = false;
    await writer;
  }
  await storeTurn({ conversationId: newId(), question: 'After?', answer: [] });
  await addImage('lost');
  await closeDatabase();

  const kept = await restore(target, data.path());
  try {
    expect(await database().message.count({ where: { text: 'Before?' } })).toBe(1);
    expect(await database().message.count({ where: { text: 'After?' } })).toBe(0);
    expect(await database().image.findMany({ select: { name: true } })).toEqual([{ name: 'kept' }]);
    expect((await blobs().read(key)).toString()).toBe('kept');
    expect((await readdir(kept ?? '')).length).toBeGreaterThan(0);
  } finally {
    await rm(kept ?? '', { recursive: true, force: true });
  }
});

test('what an earlier backup has is shared with it, and goes on when that one is deleted', async () => {
  const key = await addImage('shared');
  await backup(data.path(), target);
  const later = `${target}-later`;
  const added = await addImage('added');
  await backup(data.path(), later, { previous: target });
  const file = (root: string, name: string) => join(root, 'blobs', name.slice(0, 2), name.slice(2, 4), name);
  expect((await stat(file(later, key))).ino).toBe((await stat(file(target, key))).ino);
  expect((await stat(file(later, added))).nlink).toBe(1);
  await rm(target, { recursive: true });
  await closeDatabase();
  const kept = await restore(later, data.path());
  try {
    expect((await blobs().read(key)).toString()).toBe('shared');
  } finally {
    await rm(kept ?? '', { recursive: true, force: true });
  }
});

test('a copy of the database that is none changes nothing', async () => {
  await storeTurn({ conversationId: newId(), question: 'Mine?', answer: [] });
  await closeDatabase();
  const before = await readFile(join(data.path(), 'looktwice.db'));
  const copy = `${target}.db`;
  await writeFile(copy, 'no database');
  await expect(restoreDatabase(copy, data.path())).rejects.toThrow(/no sound copy .* nothing was changed/);
  await snapshotDatabase(data.path(), copy);
  const bytes = await readFile(copy);
  bytes.fill(7, 5_000, 9_000);
  await writeFile(copy, bytes);
  await expect(restoreDatabase(copy, data.path())).rejects.toThrow(/no sound copy/);
  expect(await readFile(join(data.path(), 'looktwice.db'))).toEqual(before);
});

test('a damaged or foreign backup changes nothing', async () => {
  await storeTurn({ conversationId: newId(), question: 'Mine?', answer: [] });
  await addImage('x');
  const { files } = await backup(data.path(), target);
  await closeDatabase();
  const before = await readFile(join(data.path(), 'looktwice.db'));
  const blob = join(target, files.find(({ path }) => path.startsWith('blobs'))?.path ?? '');
  await writeFile(blob, 'y');
  await expect(restore(target, data.path())).rejects.toThrow(/is damaged: blobs/);
  await rm(blob);
  await expect(restore(target, data.path())).rejects.toThrow(/is incomplete: blobs/);
  const manifest = await readFile(join(target, 'backup.json'), 'utf8');
  await writeFile(join(target, 'backup.json'), manifest.replace('blobs/', '../../blobs/'));
  await expect(restore(target, data.path())).rejects.toThrow(/outside itself/);
  await writeFile(join(target, 'backup.json'), '{}');
  await expect(restore(target, data.path())).rejects.toThrow(/another version or changed/);
  await expect(restore(tmpdir(), data.path())).rejects.toThrow(/is no backup/);
  expect(await readFile(join(data.path(), 'looktwice.db'))).toEqual(before);
  await expect(backup(data.path(), target)).rejects.toThrow(/is not empty/);
});
