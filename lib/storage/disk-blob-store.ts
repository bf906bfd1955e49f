import { createHash } from 'node:crypto';
import { access, mkdir, opendir, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PRIVATE_DIRECTORY, writeAtomically } from '@/lib/common/atomic-file';
import { BlobMissingError, TooManyBytesError, type BlobStore, type StoredBlob } from './blob-store';
import { errorCode } from '@/lib/common/error-code';

const INCOMING = 'incoming';
const QUARANTINE = 'quarantine';
const KEY = /^[0-9a-f]{64}$/;

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

/** Renames a file, both of one file system; false when it is not there. */
async function move(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true, mode: PRIVATE_DIRECTORY });
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

/** Keys of the files below `root` that were last changed before `time`. */
async function* keysBelow(root: string, time: number): AsyncGenerator<string> {
  if (!(await exists(root))) {
    return;
  }
  const entries = await opendir(root, { recursive: true });
  for await (const entry of entries) {
    if (entry.isFile() && KEY.test(entry.name)) {
      // It may be removed in this moment.
      const state = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
      if (state !== undefined && state.mtimeMs < time) {
        yield entry.name;
      }
    }
  }
}

/**
 * Blobs as files `<root>/ab/cd/abcd...`, named by their SHA-256; two levels keep directories small at a million files.
 * What is set aside lies in the same way below `quarantine` beside the root.
 */
export class DiskBlobStore implements BlobStore {
  private readonly quarantine: string;

  constructor(private readonly root: string) {
    this.quarantine = join(dirname(root), QUARANTINE);
  }

  private path(key: string, root = this.root): string {
    if (!KEY.test(key)) {
      throw new BlobMissingError(JSON.stringify(key.slice(0, 80)));
    }
    return join(root, key.slice(0, 2), key.slice(2, 4), key);
  }

  async write(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limit: number): Promise<StoredBlob> {
    const hash = createHash('sha256');
    let bytes = 0;
    let key = '';
    await writeAtomically(join(this.root, INCOMING), async (file) => {
      for await (const chunk of source) {
        bytes += chunk.byteLength;
        if (bytes > limit) {
          throw new TooManyBytesError(limit);
        }
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      key = hash.digest('hex');
      // Renaming over an equal file is harmless, and spares the question whether it is there, which another upload
      // could change.
      return this.path(key);
    });
    return { key, bytes };
  }

  async read(key: string): Promise<Buffer> {
    const path = this.path(key);
    try {
      return await readFile(path);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        throw error;
      }
      if (await this.putBack(key)) {
        return readFile(path);
      }
      throw new BlobMissingError(key);
    }
  }

  async has(key: string): Promise<boolean> {
    return exists(this.path(key));
  }

  async localPath(key: string): Promise<string> {
    const path = this.path(key);
    if (!(await exists(path))) {
      await this.putBack(key);
    }
    return path;
  }

  async remove(key: string): Promise<void> {
    await rm(this.path(key), { force: true });
    await rm(this.path(key, this.quarantine), { force: true });
  }

  async setAside(key: string): Promise<void> {
    const aside = this.path(key, this.quarantine);
    if (await move(this.path(key), aside)) {
      const now = new Date();
      await utimes(aside, now, now);
    }
  }

  putBack(key: string): Promise<boolean> {
    return move(this.path(key, this.quarantine), this.path(key));
  }

  keysSetAside(time: number): AsyncIterable<string> {
    return keysBelow(this.quarantine, time);
  }

  keysOlderThan(time: number): AsyncIterable<string> {
    return keysBelow(this.root, time);
  }

  async removeUnfinished(time: number): Promise<void> {
    const directory = join(this.root, INCOMING);
    for (const name of (await exists(directory)) ? await readdir(directory) : []) {
      const path = join(directory, name);
      // An upload that ends in this moment takes its file away.
      const state = await stat(path).catch(() => undefined);
      if (state !== undefined && state.mtimeMs < time) {
        await rm(path, { force: true });
      }
    }
  }
}
