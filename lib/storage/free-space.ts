import { statfs } from 'node:fs/promises';

/** What is left free for the database and the system, in bytes. */
const RESERVED_BYTES = 64 * 2 ** 20;

/** Free bytes of the file system of a directory, without those that are reserved. */
export async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return Math.max(0, bavail * bsize - RESERVED_BYTES);
}

/**
 * For what comes from outside, before it is received.
 * @throws Error with the code ENOSPC when so many bytes do not fit
 */
export async function requireFreeSpace(directory: string, bytes: number): Promise<void> {
  if ((await freeBytes(directory)) < bytes) {
    throw Object.assign(new Error('There is not enough free space for what is to be received'), { code: 'ENOSPC' });
  }
}
