import { backupPlan } from '@/lib/database/backup-plan';
import { listBackups } from '@/lib/database/backup-shelf';
import { countJobs } from '@/lib/database/job-counts';
import { databaseBytes } from '@/lib/database/size';
import { getEngine } from '@/lib/engine/worker/client';
import { backupsDirectory, dataDirectory } from '@/lib/storage/data-directory';
import { freeBytes } from '@/lib/storage/free-space';
import { imageChecker } from '@/lib/vision/checker/pool';

type Measured<Label extends string> = { labels: Record<Label, string>; value: number };

/** How many wait: questions and inspections, background work, images to decode. */
export function queueDepths(): Promise<Measured<'queue'>[]> {
  const { waiting, background } = getEngine().status();
  return Promise.resolve([
    { labels: { queue: 'model' }, value: waiting },
    { labels: { queue: 'background' }, value: background },
    { labels: { queue: 'decoder' }, value: imageChecker().waiting ?? 0 },
  ]);
}

/** Imports and batch inspections that are known, by state. */
export async function jobCounts(): Promise<Measured<'kind' | 'state'>[]> {
  return (await countJobs()).map(({ kind, state, count }) => ({ labels: { kind, state }, value: count }));
}

/** When the last scheduled backup was made, in seconds since 1970; nothing before the first. */
export async function lastBackup(): Promise<Measured<never>[]> {
  const [newest] = await listBackups(backupPlan()?.directory ?? backupsDirectory(), 'scheduled');
  return newest === undefined ? [] : [{ labels: {}, value: newest.madeAt.getTime() / 1000 }];
}

/** What is free for more, and what the database takes, in bytes. */
export async function diskState(): Promise<Measured<'what'>[]> {
  return [
    { labels: { what: 'free' }, value: await freeBytes(dataDirectory()) },
    { labels: { what: 'database' }, value: await databaseBytes() },
  ];
}
