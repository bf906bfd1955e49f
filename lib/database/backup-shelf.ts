import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a backup was made for: one of a series, or the state before a migration. */
export type BackupKind = 'scheduled' | 'before';

export type KeptBackup = { path: string; madeAt: Date };

const PATTERNS: Record<BackupKind, RegExp> = {
  scheduled: /^looktwice-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)Z(\.db)?$/,
  before: /^before-[0-9a-z_]+-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)Z\.db$/,
};

/** A time as backups are named: sorts, and every file system takes it. */
const stamp = (time: Date): string => `${time.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

const timeOf = (text: string): Date => new Date(`${text.replace(/T(\d\d)-(\d\d)-(\d\d)$/, 'T$1:$2:$3')}Z`);

export const scheduledName = (time: Date): string => `looktwice-${stamp(time)}`;

export const beforeMigrationName = (migration: string, time: Date): string => `before-${migration}-${stamp(time)}.db`;

/** The finished backups of a kind in a directory, the newest first. Anything else that lies there is none of ours. */
export async function listBackups(directory: string, kind: BackupKind): Promise<KeptBackup[]> {
  const names = existsSync(directory) ? await readdir(directory) : [];
  return names
    .flatMap((name) => {
      const time = PATTERNS[kind].exec(name)?.[1];
      return time === undefined ? [] : [{ path: join(directory, name), madeAt: timeOf(time) }];
    })
    .sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
}

/** Removes all but the newest backups of a kind. @returns how many went */
export async function keepNewest(directory: string, kind: BackupKind, keep: number): Promise<number> {
  const surplus = (await listBackups(directory, kind)).slice(keep);
  for (const { path } of surplus) {
    await rm(path, { recursive: true, force: true });
  }
  return surplus.length;
}
