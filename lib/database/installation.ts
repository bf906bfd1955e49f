import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { database } from './client';

/** The file of a data directory that says which database belongs to it. */
export const INSTALLATION_FILE = 'installation.json';
const ROW = 1;
/** A row that is there while everything is copied into a database (move/mark.ts). */
export const MOVING = 2;

const fileSchema = z.object({
  key: z.string(),
  starts: z.int(),
  /** Since when the files and the database are known to belong together, in ms since 1970. */
  togetherSince: z.number(),
});
type Noted = z.infer<typeof fileSchema>;

/**
 * `same`: the database that the last server of this directory had. `fresh`: one without a past. `other`: an older copy,
 * or another installation's.
 */
export type Recognised = 'same' | 'fresh' | 'other';

function readNoted(directory: string): Noted | null {
  const path = join(directory, INSTALLATION_FILE);
  if (!existsSync(path)) {
    return null;
  }
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Damaged: as if it said something else.
    return { key: '', starts: -1, togetherSince: 0 };
  }
}

function writeNoted(directory: string, noted: Noted): void {
  const path = join(directory, INSTALLATION_FILE);
  writeFileSync(`${path}.new`, JSON.stringify(noted), { mode: 0o600 });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
}

/**
 * Counts a start in the database and in the data directory. Where the two disagreed, somebody put another database
 * there, an older copy perhaps: what it does not refer to is then not rubbish.
 * @throws Error when the database is half of a move
 */
export async function registerStart(directory: string, now = Date.now()): Promise<Recognised> {
  if ((await database().installation.findUnique({ where: { id: MOVING } })) !== null) {
    throw new Error('A move into this database has not ended: run `looktwice db move` again, then start the server');
  }
  const noted = readNoted(directory);
  const row = await database().installation.findUnique({ where: { id: ROW } });
  const images = await database().image.count();
  // The database is written first: a crash between the two leaves it one ahead.
  const isSame =
    row !== null && noted?.key === row.key && (noted.starts === row.starts || noted.starts + 1 === row.starts);
  const recognised = isSame ? 'same' : row === null && noted === null && images === 0 ? 'fresh' : 'other';
  const key = row?.key ?? randomUUID();
  const starts = (row?.starts ?? 0) + 1;
  await database().installation.upsert({
    where: { id: ROW },
    create: { id: ROW, key, starts, checkedAt: new Date(now) },
    update: { starts, checkedAt: new Date(now) },
  });
  writeNoted(directory, { key, starts, togetherSince: isSame && noted !== null ? noted.togetherSince : now });
  return recognised;
}

/**
 * How long the database and the files of a directory are known to belong together, in ms; 0 when no server has started
 * there.
 */
export function togetherFor(directory: string, now = Date.now()): number {
  const noted = readNoted(directory);
  return noted === null || noted.starts < 0 ? 0 : Math.max(0, now - noted.togetherSince);
}

/**
 * Writes for real. @throws when the database cannot be written: missing, not migrated, read-only, replaced, or the disk
 * full
 */
export async function checkWritable(now = new Date()): Promise<void> {
  await database().installation.upsert({
    where: { id: ROW },
    create: { id: ROW, key: randomUUID(), checkedAt: now },
    update: { checkedAt: now },
  });
}
