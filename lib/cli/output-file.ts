import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeAtomic } from '@/lib/common/atomic-file';
import { UsageError } from './usage-error';

/**
 * Checks, before any work is done, that a file can be written there.
 * @throws UsageError naming the option and the path
 */
export async function checkWritable(option: string, path: string | undefined): Promise<void> {
  if (path === undefined) {
    return;
  }
  const folder = dirname(resolve(path));
  const folderState = await stat(folder).catch(() => undefined);
  if (folderState?.isDirectory() !== true) {
    throw new UsageError(`${option} ${path}: the folder ${folder} does not exist.`);
  }
  if ((await stat(path).catch(() => undefined))?.isDirectory() === true) {
    throw new UsageError(`${option} ${path}: is a folder, give a file name.`);
  }
  await access(folder, constants.W_OK).catch(() => {
    throw new UsageError(`${option} ${path}: the folder ${folder} is not writable.`);
  });
}

/** Writes a result file, whole or not at all. */
export async function writeResult(path: string, content: string | Uint8Array): Promise<void> {
  await writeAtomic(resolve(path), content);
}
