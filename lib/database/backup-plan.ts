import { resolve } from 'node:path';
import { environment, setting, type Environment } from '@/lib/env';
import { backupsDirectory } from '@/lib/storage/data-directory';

const HOUR_MS = 60 * 60_000;
const DEFAULT_HOURS = 24;
const DEFAULT_KEEP = 7;

export type BackupPlan = {
  directory: string;
  /** Images too: what lies on the same disk as they do needs no second copy of them. */
  complete: boolean;
  everyMs: number;
  keep: number;
};

/**
 * What the environment says about scheduled backups; null: none are wanted, or the database is PostgreSQL, which has
 * its own way (docs/operation.md).
 */
export function backupPlan(env: Environment = environment()): BackupPlan | null {
  const hours = setting('LOOKTWICE_BACKUP_HOURS', env) ?? DEFAULT_HOURS;
  const named = setting('LOOKTWICE_BACKUP_DIR', env);
  return hours === 0 || setting('DATABASE_URL', env) !== undefined
    ? null
    : {
        directory: named === undefined ? backupsDirectory() : resolve(named),
        complete: named !== undefined,
        everyMs: hours * HOUR_MS,
        keep: setting('LOOKTWICE_BACKUP_KEEP', env) ?? DEFAULT_KEEP,
      };
}
