import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { BlobMissingError, TooManyBytesError } from '@/lib/storage/blob-store';
import { DiskBlobStore } from '@/lib/storage/disk-blob-store';

let root: string;
let store: DiskBlobStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'looktwice-blobs-'));
  store = new DiskBlobStore(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function files(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

test('returns the bytes under their SHA-256, however they were split', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), async (chunks) => {
      const whole = Buffer.concat(chunks);
      const blob = await store.write(chunks, 10_000);
      expect(blob).toEqual({ key: createHash('sha256').update(whole).digest('hex'), bytes: whole.length });
      expect(await store.read(blob.key)).toEqual(whole);
    }),
    { numRuns: 25 },
  );
});

test('keeps equal bytes once, even when they arrive at the same time', async () => {
  const written = await Promise.all(Array.from({ length: 8 }, () => store.write([Buffer.from('same')], 100)));
  expect(new Set(written.map((blob) => blob.key)).size).toBe(1);
  expect(await files()).toHaveLength(1);
});

test('stops at the limit and leaves nothing behind', async () => {
  let pulled = 0;
  const endless = (function* () {
    for (;;) {
      pulled += 1;
      yield Buffer.alloc(1000);
    }
  })();
  await expect(store.write(endless, 5000)).rejects.toThrow(TooManyBytesError);
  expect(pulled).toBe(6);
  expect(await files()).toEqual([]);
});

test('leaves nothing behind when the sender breaks off', async () => {
  const broken = (async function* () {
    yield Buffer.from('half of');
    throw new Error('connection reset');
  })();
  await expect(store.write(broken, 100)).rejects.toThrow('connection reset');
  expect(await files()).toEqual([]);
});

test.each(['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`, '..'])(
  'never reads the path %j',
  async (key) => {
    await expect(store.read(key)).rejects.toThrow(BlobMissingError);
  },
);

test('lists what is old, and forgets what was removed', async () => {
  const { key } = await store.write([Buffer.from('x')], 10);
  const list = async (time: number) => {
    const keys: string[] = [];
    for await (const found of store.keysOlderThan(time)) {
      keys.push(found);
    }
    return keys;
  };
  expect(await list(Date.now() + 1000)).toEqual([key]);
  expect(await list(Date.now() - 60_000)).toEqual([]);
  await store.remove(key);
  await store.remove(key);
  expect(await store.has(key)).toBe(false);
});

test('removes what uploads that never ended left behind, and nothing else', async () => {
  const { key } = await store.write([Buffer.from('x')], 10);
  await writeFile(join(root, 'incoming', 'half'), 'half an image');
  await store.removeUnfinished(Date.now() - 60_000);
  expect(await files()).toHaveLength(2);
  await store.removeUnfinished(Date.now() + 1000);
  expect(await files()).toEqual([key]);
});
