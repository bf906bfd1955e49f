import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LOCAL_USER_ID } from '@/lib/database/users';
import { gatherItems } from '@/lib/datasets/export/gather';
import type { ExportItem } from '@/lib/datasets/export/types';
import { runImport } from '@/lib/datasets/import/run-import';
import type { ImportFormat } from '@/lib/datasets/contract';
import { newDataset } from '@/lib/datasets/sets';
import { newFolderImport } from '@/lib/datasets/start';

export const owner = { userId: LOCAL_USER_ID };

/** Imports a folder as a new set, or into one; returns the set's and the job's id. */
export async function importFolder(
  directory: string,
  format: ImportFormat = 'auto',
  into?: string,
): Promise<{ datasetId: string; jobId: string }> {
  const datasetId = into ?? (await newDataset(owner, directory.slice(-60))).id;
  const job = await newFolderImport(owner, datasetId, { directory, format, runner: 'cli' });
  await runImport(job.id, { signal: new AbortController().signal });
  return { datasetId, jobId: job.id };
}

/** Everything that a set says, without ids. */
export async function contentsOf(datasetId: string): Promise<Omit<ExportItem, 'id'>[]> {
  const items: Omit<ExportItem, 'id'>[] = [];
  for await (const { id: _, ...item } of gatherItems(datasetId, { accepted: false })) {
    items.push(item);
  }
  return items;
}

/** A folder that is shared beside the project, where it is. */
export function sharedFolder(name: string): string | undefined {
  const candidates = ['../shared', '../../shared'].map((base) => resolve(process.cwd(), base, name));
  return candidates.find((path) => existsSync(path));
}

/** The real sets beside the project, where they are. */
export function sharedSet(name: string): string | undefined {
  return sharedFolder(join('data', name));
}
