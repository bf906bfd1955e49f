import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { backupPlan, type BackupPlan } from '@/lib/database/backup-plan';
import { keepNewest, listBackups, scheduledName } from '@/lib/database/backup-shelf';
import { projectRoot } from '@/lib/common/paths';
import { childEnvironment } from '@/lib/env';
import { log } from '@/lib/http/log';
import { PRIVATE_DIRECTORY } from '@/lib/common/atomic-file';
import { dataDirectory } from '@/lib/storage/data-directory';

const HOUR_MS = 60 * 60_000;
/** The first one comes so long after a start: not into the loading of the model. */
const FIRST_MS = 10 * 60_000;
/** After a failure it is tried again so much later. */
const RETRY_MS = HOUR_MS;

/**
 * Runs `looktwice db backup` with these arguments in a process of its own: copying a large database would hold the
 * server up. @throws Error with what it said
 */
function runBackup(args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(projectRoot(), 'bin', 'looktwice.mjs'), 'db', 'backup', ...args], {
      env: childEnvironment({ LOOKTWICE_DATA: dataDirectory() }),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (child.pid !== undefined) {
      setPriority(child.pid, constants.priority.PRIORITY_LOW);
    }
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString('utf8')}`.slice(-2_000)));
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done() : fail(new Error(`The backup failed: ${said.trim()}`))));
  });
}

/** Removes what backups that were cut off have left. */
async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (/^looktwice-[\dTZ-]+(\.db)?\.part$/.test(name)) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
  }
}

async function backUp({ directory, complete, keep }: BackupPlan, now: number, run: typeof runBackup): Promise<void> {
  await mkdir(directory, { recursive: true, mode: PRIVATE_DIRECTORY });
  await removeUnfinished(directory);
  const target = join(directory, scheduledName(new Date(now)));
  if (complete) {
    const [previous] = await listBackups(directory, 'scheduled');
    const linked = previous === undefined ? [] : ['--previous', previous.path];
    await run([`${target}.part`, ...linked]);
    // Only a whole one gets the name by which it counts.
    await rename(`${target}.part`, target);
  } else {
    await run([`${target}.db`, '--database-only']);
  }
  await keepNewest(directory, 'scheduled', keep);
}

/** Makes a backup whenever one is due; asked every minute. One at a time. */
export class BackupSchedule {
  private running = false;
  private failedAt = -Infinity;

  constructor(
    private readonly startedAt = Date.now(),
    private readonly run = runBackup,
  ) {}

  /** @returns whether a backup was made now */
  async backUpIfDue(now = Date.now()): Promise<boolean> {
    const plan = backupPlan();
    if (plan === null || this.running || now - this.failedAt < RETRY_MS) {
      return false;
    }
    this.running = true;
    try {
      const [newest] = await listBackups(plan.directory, 'scheduled');
      const dueAt = newest === undefined ? this.startedAt + FIRST_MS : newest.madeAt.getTime() + plan.everyMs;
      if (now < dueAt) {
        return false;
      }
      await backUp(plan, now, this.run);
      log.info({ complete: plan.complete }, 'backed up');
      return true;
    } catch (error) {
      this.failedAt = now;
      log.error({ err: error }, 'a scheduled backup failed');
      return false;
    } finally {
      this.running = false;
    }
  }
}
