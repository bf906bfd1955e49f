import { existsSync } from 'node:fs';
import { opendir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setting } from '@/lib/env';
import { blobs } from '@/lib/storage';
import { dataDirectory } from '@/lib/storage/data-directory';

const DEFAULT_BYTES = 2e9;
/** Pruning goes down to this share of the limit, so that it need not run at every picture. */
const DOWN_TO = 0.9;
/** A use is noted once a day: writing it each time would cost more than the order is worth. */
const NOTE_MS = 24 * 60 * 60_000;
/** How old a file that was never finished must be. */
const UNFINISHED_MS = 60 * 60_000;

/** Where re-encoded pictures are kept; all of it can be made again. */
export const picturesDirectory = (): string => join(dataDirectory(), 'cache', 'pictures');

/** Notes that a kept picture was used. */
export async function noteUse(path: string, now = Date.now()): Promise<void> {
  const state = await stat(path).catch(() => undefined);
  if (state !== undefined && now - state.mtimeMs > NOTE_MS) {
    // It may be pruned in this moment, or the disk be read-only.
    await utimes(path, new Date(now), new Date(now)).catch(() => undefined);
  }
}

type Kept = { path: string; bytes: number; usedAt: number };

async function* filesBelow(directory: string): AsyncGenerator<Kept & { name: string }> {
  if (!existsSync(directory)) {
    return;
  }
  const entries = await opendir(directory, { recursive: true });
  for await (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const state = entry.isFile() ? await stat(path).catch(() => undefined) : undefined;
    if (state !== undefined) {
      yield { name: entry.name, path, bytes: state.size, usedAt: state.mtimeMs };
    }
  }
}

/**
 * Keeps the pictures below their limit, those that were used longest ago first, and removes those of images that are
 * gone.
 * @returns how many files went
 */
export async function prunePictures(now = Date.now()): Promise<number> {
  const limit = setting('LOOKTWICE_PICTURE_CACHE') ?? DEFAULT_BYTES;
  const kept: Kept[] = [];
  let total = 0;
  let removed = 0;
  const remove = async (path: string) => {
    await rm(path, { force: true });
    removed += 1;
  };
  for await (const { name, ...file } of filesBelow(picturesDirectory())) {
    if (
      await blobs()
        .has(name.slice(0, 64))
        .catch(() => false)
    ) {
      kept.push(file);
      total += file.bytes;
    } else {
      await remove(file.path);
    }
  }
  for await (const { path, usedAt } of filesBelow(join(dataDirectory(), 'cache', 'incoming'))) {
    if (usedAt < now - UNFINISHED_MS) {
      await remove(path);
    }
  }
  if (total > limit) {
    kept.sort((a, b) => a.usedAt - b.usedAt);
    for (const { path, bytes } of kept) {
      if (total <= limit * DOWN_TO) {
        break;
      }
      await remove(path);
      total -= bytes;
    }
  }
  return removed;
}
