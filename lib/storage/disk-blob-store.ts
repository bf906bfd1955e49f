import { createHash } from 'node:crypto';
import { access, opendir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './atomic-file';
import { BlobMissingError, TooManyBytesError, type BlobStore, type StoredBlob } from './blob-store';
import { errorCode } from './error-code';

const INCOMING = 'incoming';
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

/** Blobs as files `<root>/ab/cd/abcd...`, named by their SHA-256; two levels keep directories small at a million files. */
export class DiskBlobStore implements BlobStore {
  constructor(private readonly root: string) {}

  private path(key: string): string {
    if (!KEY.test(key)) {
      throw new BlobMissingError(JSON.stringify(key.slice(0, 80)));
    }
    return join(this.root, key.slice(0, 2), key.slice(2, 4), key);
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
      // Renaming over an equal file is harmless, and spares the question whether it is there, which another upload could change.
      return this.path(key);
    });
    return { key, bytes };
  }

  async read(key: string): Promise<Buffer> {
    try {
      return await readFile(this.path(key));
    } catch (error) {
      throw errorCode(error) === 'ENOENT' ? new BlobMissingError(key) : error;
    }
  }

  async has(key: string): Promise<boolean> {
    return exists(this.path(key));
  }

  localPath(key: string): Promise<string> {
    return Promise.resolve(this.path(key));
  }

  async remove(key: string): Promise<void> {
    await rm(this.path(key), { force: true });
  }

  async *keysOlderThan(time: number): AsyncIterable<string> {
    if (!(await exists(this.root))) {
      return;
    }
    const entries = await opendir(this.root, { recursive: true });
    for await (const entry of entries) {
      if (entry.isFile() && KEY.test(entry.name)) {
        const { mtimeMs } = await stat(this.path(entry.name));
        if (mtimeMs < time) {
          yield entry.name;
        }
      }
    }
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
