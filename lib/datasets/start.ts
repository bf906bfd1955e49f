import { join } from 'node:path';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { newId } from '@/lib/contract/ids';
import { createBatchJob, findUnfinishedBatch, type BatchJobRow } from '@/lib/database/batch-jobs';
import { countMatching, findItems } from '@/lib/database/dataset-items';
import { findImages } from '@/lib/database/images';
import { createImportJob, type ImportJobRow } from '@/lib/database/import-jobs';
import type { Owner } from '@/lib/database/owner';
import { AppError } from '@/lib/http/app-error';
import { PRIVATE_DIRECTORY, writeAtomically } from '@/lib/common/atomic-file';
import { dataDirectory } from '@/lib/storage/data-directory';
import { requireFreeSpace } from '@/lib/storage/free-space';
import { type BatchMode, type ImportFormat, importLimits } from './contract';
import { STAGED } from './import/reader/set-reader';

/** How many bytes of an archive may come before the disk is asked again. */
const CHECK_EVERY = 32 * 2 ** 20;

export type Runner = 'server' | 'cli';

/**
 * A job that imports a folder of this machine.
 * @throws AppError invalid_request when there is no such folder
 */
export async function newFolderImport(
  owner: Owner,
  datasetId: string,
  { directory, format, runner }: { directory: string; format: ImportFormat; runner: Runner },
): Promise<ImportJobRow> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    throw new AppError('invalid_request', `There is no folder ${directory} on the server's machine: check the path`);
  }
  const source = directory.split(/[/\\]/).filter(Boolean).at(-1) ?? directory;
  return createImportJob(owner, { id: newId(), datasetId, source, directory, staged: false, format, runner });
}

/**
 * A job that imports an archive, which is received to the disk first.
 * @throws AppError body_too_large; Error with the code ENOSPC when the disk fills up
 */
export async function newArchiveImport(
  owner: Owner,
  datasetId: string,
  {
    source,
    name,
    format,
    runner,
  }: { source: AsyncIterable<Uint8Array>; name: string; format: ImportFormat; runner: Runner },
): Promise<ImportJobRow> {
  const id = newId();
  const directory = join(dataDirectory(), 'imports', id);
  try {
    await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
    const received = await writeAtomically(directory, async (file) => {
      let bytes = 0;
      let checked = 0;
      for await (const chunk of source) {
        bytes += chunk.byteLength;
        if (bytes - checked > CHECK_EVERY) {
          // A sender need not say how much comes.
          await requireFreeSpace(directory, CHECK_EVERY);
          checked = bytes;
        }
        if (bytes > importLimits.archiveBytes) {
          throw new AppError(
            'body_too_large',
            `The archive has more than ${importLimits.archiveBytes} bytes: split the set`,
          );
        }
        await file.writeFile(chunk);
      }
      return join(directory, `${STAGED.archive}.part`);
    });
    await rename(received, join(directory, STAGED.archive));
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  return createImportJob(owner, { id, datasetId, source: name, directory, staged: true, format, runner });
}

/**
 * A job that inspects every item of a set.
 * @param referenceIds normal images, or items of the set
 * @throws AppError invalid_request for references that do not exist or do not go with the mode, conflict when the set
 *   is being inspected
 */
export async function newBatch(
  owner: Owner,
  datasetId: string,
  { mode, referenceIds, runner }: { mode: BatchMode; referenceIds: string[]; runner: Runner },
): Promise<BatchJobRow> {
  if ((mode === 'references') !== referenceIds.length > 0) {
    throw new AppError('invalid_request', 'References are needed with the mode "references", and with no other');
  }
  if ((await findUnfinishedBatch(datasetId)) !== null) {
    throw new AppError('conflict', 'The set is being inspected: wait until that is done, or cancel it');
  }
  const items = await findItems(datasetId, referenceIds);
  const images = await findImages(owner, referenceIds);
  const imageIds = [...new Set([...items.map(({ imageId }) => imageId), ...images.map(({ id }) => id)])];
  if (imageIds.length < new Set(referenceIds).size) {
    throw new AppError('invalid_request', 'A reference is neither an image nor an item of the set: choose again');
  }
  const total = await countMatching(datasetId, {});
  return createBatchJob(owner, { id: newId(), datasetId, mode, referenceIds: imageIds, runner, total });
}
