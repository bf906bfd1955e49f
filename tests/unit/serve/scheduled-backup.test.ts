import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackupSchedule } from '@/lib/serve/scheduled-backup';
import { backupPlan } from '@/lib/database/backup-plan';
import { backup } from '@/lib/database/backup';
import { snapshotDatabase } from '@/lib/database/snapshot';
import { useDataDirectory } from '../../support/data-directory';

const HOUR = 60 * 60_000;
const START = Date.parse('2026-11-30T12:00:00Z');
const data = useDataDirectory();
let shelf: string;

beforeEach(async () => {
  shelf = join(await mkdtemp(join(tmpdir(), 'looktwice-shelf-')), 'shelf');
});
afterEach(async () => {
  await rm(join(data.path(), 'backups'), { recursive: true, force: true });
  for (const name of ['HOURS', 'DIR', 'KEEP']) {
    delete process.env[`LOOKTWICE_BACKUP_${name}`];
  }
  await rm(join(shelf, '..'), { recursive: true, force: true });
});

/** What the command does, in this process. */
async function run(args: readonly string[]): Promise<void> {
  const [target = '', option, value] = args;
  await (option === '--database-only'
    ? snapshotDatabase(data.path(), target)
    : backup(data.path(), target, { previous: option === '--previous' ? (value ?? null) : null }));
}

test('the database is copied once a day, beside the data, and the last ones are kept', async () => {
  process.env.LOOKTWICE_BACKUP_KEEP = '2';
  const schedule = new BackupSchedule(START, run);
  expect(await schedule.backUpIfDue(START + 60_000)).toBe(false);
  expect(await schedule.backUpIfDue(START + HOUR)).toBe(true);
  expect(await schedule.backUpIfDue(START + 2 * HOUR)).toBe(false);
  expect(await schedule.backUpIfDue(START + 25 * HOUR)).toBe(true);
  expect(await schedule.backUpIfDue(START + 49 * HOUR)).toBe(true);
  const own = join(data.path(), 'backups');
  await writeFile(join(own, 'of-somebody.db'), 'not ours');
  expect(await schedule.backUpIfDue(START + 73 * HOUR)).toBe(true);
  expect((await readdir(own)).sort()).toEqual([
    'looktwice-2026-12-02T13-00-00Z.db',
    'looktwice-2026-12-03T13-00-00Z.db',
    'of-somebody.db',
  ]);
});

test('a server that starts again goes on where the last one was, and can be told to leave it', async () => {
  expect(await new BackupSchedule(START, run).backUpIfDue(START + HOUR)).toBe(true);
  expect(await new BackupSchedule(START + 2 * HOUR, run).backUpIfDue(START + 4 * HOUR)).toBe(false);
  process.env.LOOKTWICE_BACKUP_HOURS = '2';
  expect(await new BackupSchedule(START + 2 * HOUR, run).backUpIfDue(START + 4 * HOUR)).toBe(true);
  process.env.LOOKTWICE_BACKUP_HOURS = '0';
  expect(backupPlan()).toBeNull();
  expect(await new BackupSchedule(START, run).backUpIfDue(START + 900 * HOUR)).toBe(false);
});

test('another directory gets complete backups; one that fails leaves nothing that counts, and is tried again later', async () => {
  process.env.LOOKTWICE_BACKUP_DIR = shelf;
  const calls: string[][] = [];
  let broken = true;
  const schedule = new BackupSchedule(START, async (args) => {
    calls.push([...args]);
    if (broken) {
      await mkdir(args[0] ?? '', { recursive: true });
      throw new Error('The disk is gone');
    }
    await run(args);
  });
  expect(await schedule.backUpIfDue(START + HOUR)).toBe(false);
  broken = false;
  expect(await schedule.backUpIfDue(START + HOUR + 60_000)).toBe(false);
  expect(await schedule.backUpIfDue(START + 2 * HOUR)).toBe(true);
  expect(await readdir(shelf)).toEqual(['looktwice-2026-11-30T14-00-00Z']);
  expect((await readdir(join(shelf, 'looktwice-2026-11-30T14-00-00Z'))).sort()).toEqual([
    'backup.json',
    'looktwice.db',
  ]);
  expect(await schedule.backUpIfDue(START + 26 * HOUR)).toBe(true);
  expect(calls.at(-1)).toEqual([
    join(shelf, 'looktwice-2026-12-01T14-00-00Z.part'),
    '--previous',
    join(shelf, 'looktwice-2026-11-30T14-00-00Z'),
  ]);
});
