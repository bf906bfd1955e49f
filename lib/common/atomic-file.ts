import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Mode of the directories of the data directory: nobody else on the machine reads or lists them. */
export const PRIVATE_DIRECTORY = 0o700;
export const PRIVATE_FILE = 0o600;

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

type Fill = (file: FileHandle) => Promise<string>;

/** `fill` writes the new file `temporary`, which is synced and renamed to the path that `fill` returns. */
async function writeThenRename(temporary: string, mode: number | undefined, fill: Fill): Promise<string> {
  const file = await open(temporary, 'wx', mode);
  try {
    let path: string;
    try {
      path = await fill(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return path;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes a file so that readers see the old content or the new one, never a half: next to it first, then renamed.
 * @throws the file system's error; nothing is left behind
 */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await writeThenRename(`${path}.${randomUUID()}.tmp`, undefined, async (file) => {
    await file.writeFile(content);
    return path;
  });
}

/**
 * The same for a private file of the data directory, written as a stream: `fill` writes to a temporary file of
 * `temporaryDirectory` (same file system) and returns the path, which may depend on what was written. The directories
 * are made. A failed `fill` leaves nothing behind.
 */
export async function writeAtomically(temporaryDirectory: string, fill: Fill): Promise<string> {
  await mkdir(temporaryDirectory, { recursive: true, mode: PRIVATE_DIRECTORY });
  return writeThenRename(join(temporaryDirectory, randomUUID()), PRIVATE_FILE, async (file) => {
    const path = await fill(file);
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
    return path;
  });
}
