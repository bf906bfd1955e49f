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

/**
 * Writes a file so that its name never shows half of it: `fill` writes to a temporary file of `temporaryDirectory` (same file system), which is synced and
 * then renamed to the path that `fill` returns, which may depend on what was written. A failed `fill` leaves nothing behind.
 */
export async function writeAtomically(
  temporaryDirectory: string,
  fill: (file: FileHandle) => Promise<string>,
): Promise<string> {
  await mkdir(temporaryDirectory, { recursive: true, mode: PRIVATE_DIRECTORY });
  const temporary = join(temporaryDirectory, randomUUID());
  const file = await open(temporary, 'wx', PRIVATE_FILE);
  try {
    let path: string;
    try {
      path = await fill(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return path;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
