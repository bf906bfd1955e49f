import { createHash } from 'node:crypto';
import { DiskBlobStore } from '@/lib/storage/disk-blob-store';
import { pieces, type Source } from './rows';
import type { Progress } from './copy-rows';
import { TABLES } from './tables';

/** Files that are copied beside each other: each waits for the disk. */
const BESIDE = 8;
const PIECE = 1000;

/** The keys of all stored files that a database refers to. */
export async function blobKeys(source: Source): Promise<string[]> {
  const keys = new Set<string>();
  for (const table of TABLES) {
    const column = table.model === 'image' ? 'sha256' : table.model === 'inspection' ? 'mapKey' : null;
    if (column !== null) {
      for await (const { rows } of pieces(source, table, PIECE, ['id', column])) {
        rows.forEach((row) => keys.add(String(row[column])));
      }
    }
  }
  return [...keys];
}

async function beside<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: BESIDE }, async () => {
      for (const item of rest) {
        await work(item);
      }
    }),
  );
}

/** Copies the files that `target` lacks. @throws Error when one is missing or has another content than its name says */
export async function copyBlobs(keys: readonly string[], from: string, to: string, progress: Progress): Promise<void> {
  const [source, target] = [new DiskBlobStore(from), new DiskBlobStore(to)];
  // What an attempt that was killed has left.
  await target.removeUnfinished(Date.now());
  let done = 0;
  await beside(keys, async (key) => {
    if (!(await target.has(key))) {
      const bytes = await source.read(key);
      const stored = await target.write([bytes], bytes.length);
      if (stored.key !== key) {
        await target.remove(stored.key);
        throw new Error(`The stored file ${key} is damaged: restore it from a backup, then run the move again`);
      }
    }
    done += 1;
    await progress('files', done, keys.length);
  });
}

/** Reads every file again. @returns bytes of all @throws Error naming the first that is not what its name says */
export async function verifyBlobs(keys: readonly string[], folder: string, progress: Progress): Promise<number> {
  const store = new DiskBlobStore(folder);
  let [done, total] = [0, 0];
  await beside(keys, async (key) => {
    const bytes = await store.read(key);
    if (createHash('sha256').update(bytes).digest('hex') !== key) {
      throw new Error(`The file ${key} below ${folder} is damaged: delete it and run the move again`);
    }
    total += bytes.length;
    done += 1;
    await progress('files verified', done, keys.length);
  });
  return total;
}
