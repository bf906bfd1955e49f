import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from '@/lib/common/atomic-file';

/**
 * Takes a data directory and what lies directly in it away from everybody else on the machine; what lies deeper cannot
 * be reached then.
 */
export async function makePrivate(directory: string): Promise<void> {
  await chmod(directory, PRIVATE_DIRECTORY);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory() || entry.isFile()) {
      // Files beside the database come and go.
      await chmod(join(directory, entry.name), entry.isDirectory() ? PRIVATE_DIRECTORY : PRIVATE_FILE).catch(
        () => undefined,
      );
    }
  }
}
