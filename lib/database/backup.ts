import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createClient } from '@libsql/client';
import { z } from 'zod';
import { PRIVATE_DIRECTORY, PRIVATE_FILE } from '@/lib/common/atomic-file';
import { blobsDirectory, databasePath, databaseUrl, quarantineDirectory } from '@/lib/storage/data-directory';
import { snapshotDatabase } from './snapshot';

const MANIFEST = 'backup.json';
const FORMAT = 'looktwice-backup';

const fileSchema = z.object({ path: z.string(), bytes: z.int().nonnegative(), sha256: z.string() });
const manifestSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  files: z.array(fileSchema),
});
export type BackupManifest = z.infer<typeof manifestSchema>;

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

async function isEmptyOrAbsent(directory: string): Promise<boolean> {
  return !existsSync(directory) || (await readdir(directory)).length === 0;
}

/**
 * Paths of the stored files, relative to the data directory, by content key; one that is only in quarantine counts as
 * well.
 */
async function listBlobs(data: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const root of [quarantineDirectory(data), blobsDirectory(data)].filter(existsSync)) {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile() && /^[0-9a-f]{64}$/.test(each.name))) {
      found.set(entry.name, relative(data, join(entry.parentPath, entry.name)));
    }
  }
  return found;
}

/** Gives a file a second name; false where that cannot be: it is not there, or lies on another disk. */
async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch {
    return false;
  }
}

/**
 * Copies a file of the data directory; one that `previous` has under the same name, which is its content's hash, takes
 * no more space.
 */
async function copyInto(data: string, target: string, path: string, previous: string | null = null): Promise<void> {
  await mkdir(dirname(join(target, path)), { recursive: true, mode: PRIVATE_DIRECTORY });
  if (previous !== null && (await isLinked(join(previous, path), join(target, path)))) {
    return;
  }
  await copyFile(join(data, path), join(target, path));
  await chmod(join(target, path), PRIVATE_FILE);
}

/**
 * The content keys that a copied database refers to. Read without our adapter, which would turn the copy into a WAL
 * database: SQLite then keeps `-wal` and `-shm` beside it and, since libSQL closes a file only when its connection is
 * collected as garbage, would write into the copy and take those files away at any later time.
 */
async function referencedKeys(url: string): Promise<string[]> {
  const copy = createClient({ url });
  try {
    const { rows } = await copy.execute('SELECT sha256 FROM Image UNION SELECT mapKey FROM Inspection');
    return rows.map((row) => String(row[0]));
  } finally {
    copy.close();
  }
}

/**
 * Copies the data of a running installation to a new directory: the database as of one moment, and every file that it
 * refers to, with their hashes. Files are copied before the database, and again what came in between, so that nothing
 * that a purge deletes meanwhile is missed.
 * @param previous an earlier backup, whose files are shared where they lie on the same disk
 * @throws Error when there is no database, the target is not empty, or a file that the database refers to is missing
 */
export async function backup(
  data: string,
  target: string,
  { previous = null }: { previous?: string | null } = {},
): Promise<BackupManifest> {
  if (!existsSync(databasePath(data))) {
    throw new Error(`There is no database in ${data}: set LOOKTWICE_DATA to the data directory`);
  }
  if (!(await isEmptyOrAbsent(target))) {
    throw new Error(`${target} is not empty: name a new directory`);
  }
  await mkdir(target, { recursive: true, mode: PRIVATE_DIRECTORY });
  const before = await listBlobs(data);
  for (const path of before.values()) {
    await copyInto(data, target, path, previous).catch((error: unknown) => {
      // Purged since it was listed; if the database still refers to it, the check below says so.
      if (existsSync(join(data, path))) {
        throw error;
      }
    });
  }
  await snapshotDatabase(data, databasePath(target));
  const wanted = await referencedKeys(databaseUrl(target));
  const after = await listBlobs(data);
  const files = [relative(target, databasePath(target))];
  for (const key of wanted) {
    const path = before.get(key) ?? after.get(key);
    if (path === undefined) {
      throw new Error(`The file ${key} that the database refers to is missing in ${data}`);
    }
    if (!existsSync(join(target, path))) {
      await copyInto(data, target, path, previous);
    }
    files.push(path);
  }
  await removeUnlisted(target, new Set(files));
  const manifest = manifestSchema.parse({
    format: FORMAT,
    version: 1,
    createdAt: new Date().toISOString(),
    files: await Promise.all(
      files.map(async (path) => ({
        path,
        bytes: (await stat(join(target, path))).size,
        sha256: await hashFile(join(target, path)),
      })),
    ),
  });
  await writeFile(join(target, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: PRIVATE_FILE });
  return manifest;
}

/** Removes the copies of files that the snapshot does not refer to. */
async function removeUnlisted(target: string, listed: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !listed.has(relative(target, path))) {
      await rm(path);
    }
  }
}

/**
 * Makes sure that no process works with the database of a data directory, as far as it can be told: leaving the WAL
 * mode takes the only connection. The next open turns it on again; what is kept of the old data is then one file that
 * is complete by itself.
 * @throws Error when another process has the database open
 */
export async function assertNotInUse(data: string): Promise<void> {
  if (!existsSync(databasePath(data))) {
    return;
  }
  const db = createClient({ url: databaseUrl(data) });
  try {
    await db.execute('PRAGMA journal_mode = DELETE');
  } catch (error) {
    throw new Error(`Another process uses the database of ${data}: stop the server first`, { cause: error });
  } finally {
    db.close();
  }
}

async function readManifest(source: string): Promise<BackupManifest> {
  const path = join(source, MANIFEST);
  if (!existsSync(path)) {
    throw new Error(`${source} is no backup: ${MANIFEST} is missing`);
  }
  const parsed = manifestSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) {
    throw new Error(`${path} cannot be read: it was written by another version or changed`);
  }
  return parsed.data;
}

/**
 * Puts a backup in the place of a data directory. Every file is verified before anything changes; what was there is
 * kept beside it, under the name that is returned (null: nothing was there). The server must not run.
 * @throws Error naming the first file that is missing or differs
 */
export async function restore(source: string, data: string): Promise<string | null> {
  const { files } = await readManifest(source);
  const incoming = `${data}.incoming-${process.pid}`;
  await rm(incoming, { recursive: true, force: true });
  try {
    for (const { path, sha256 } of files) {
      if (path.startsWith('/') || path.split(/[/\\]/).includes('..')) {
        throw new Error(`The backup names the file ${path} outside itself: it was changed`);
      }
      if (!existsSync(join(source, path))) {
        throw new Error(`The backup is incomplete: ${path} is missing`);
      }
      await copyInto(source, incoming, path);
      if ((await hashFile(join(incoming, path))) !== sha256) {
        throw new Error(`The backup is damaged: ${path} has another checksum than when it was made`);
      }
    }
    const kept = (await isEmptyOrAbsent(data)) ? null : `${data}.before-restore-${Date.now()}`;
    if (kept === null) {
      await rm(data, { recursive: true, force: true });
    } else {
      await rename(data, kept);
    }
    await rename(incoming, data);
    return kept;
  } catch (error) {
    await rm(incoming, { recursive: true, force: true });
    throw error;
  }
}
