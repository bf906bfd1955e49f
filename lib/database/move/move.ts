import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PRIVATE_DIRECTORY } from '@/lib/common/atomic-file';
import { errorCode } from '@/lib/common/error-code';
import { blobsDirectory } from '@/lib/storage/data-directory';
import { INSTALLATION_FILE } from '../installation';
import { blobKeys, copyBlobs, verifyBlobs } from './copy-blobs';
import { copyRows, readContents, type Contents, type Progress } from './copy-rows';
import { beginMove, endMove, installationOf } from './mark';
import { isSamePlace, nameOf, openTarget, readingAt, workerOf, type Place } from './place';

export type Moved = {
  rows: number;
  files: number;
  bytes: number;
  /** Who worked with the source meanwhile, in words: what they did after the beginning is not in the target. */
  working: string | null;
};

type Options = {
  /** See `beginMove`. */
  replace?: boolean;
  progress?: Progress;
  /** Rows that are read and written at once. */
  piece?: number;
};

function requireSame(source: Contents, target: Contents, name: string): void {
  for (const [table, { count, sha256 }] of source) {
    const there = target.get(table);
    if (there?.count !== count || there.sha256 !== sha256) {
      throw new Error(
        `${name} differs from the source in ${table} (${there?.count} rows of ${count}): run the move again`,
      );
    }
  }
}

/**
 * What says that the files and the database belong together; a folder that has none gets it from the database at the
 * next start.
 */
async function copyInstallationFile(from: string, to: string): Promise<void> {
  await copyFile(join(from, INSTALLATION_FILE), join(to, INSTALLATION_FILE)).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') {
      throw error;
    }
  });
}

/**
 * Copies everything of one place to another: the database as of the moment of the call and every file that it refers
 * to; a server may work with the source meanwhile. An interrupted move is taken up again by the same call: what is
 * there already is compared and left alone. In the end both databases hold the same, by number and checksum of the rows
 * of every table, and every file has been read again.
 * @throws Error saying what is wrong; the source is never changed
 */
export async function move(from: Place, to: Place, { replace = false, progress, piece }: Options = {}): Promise<Moved> {
  if (isSamePlace(from, to)) {
    throw new Error('--from and --to are the same: nothing to move');
  }
  const tell: Progress = progress ?? (() => undefined);
  const sizes = piece === undefined ? {} : { piece };
  const sameFolder = resolve(from.directory) === resolve(to.directory);
  await mkdir(to.directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  const working = await workerOf(from);
  // Whoever works with the source may hold the folder that both have.
  const target = await openTarget(to, !sameFolder || working === null);
  try {
    return await readingAt(from, to.directory, async (source) => {
      const installation = await installationOf(source, nameOf(from));
      await beginMove(target.client, nameOf(to), installation, replace);
      const keys = await blobKeys(source);
      if (!sameFolder) {
        await copyBlobs(keys, blobsDirectory(from.directory), blobsDirectory(to.directory), tell);
      }
      const contents = await copyRows(source, target.client, tell, sizes);
      const verified: Progress = (stage, done, total) => tell(`${stage} verified`, done, total);
      requireSame(contents, await readContents(target.client, verified, sizes), nameOf(to));
      const bytes = await verifyBlobs(keys, blobsDirectory(to.directory), tell);
      if (!sameFolder) {
        await copyInstallationFile(from.directory, to.directory);
      }
      await endMove(target.client, installation);
      const rows = [...contents.values()].reduce((sum, { count }) => sum + count, 0);
      return { rows, files: keys.length, bytes, working };
    });
  } finally {
    await target.close();
  }
}
