import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { cacheDirectory } from '@/lib/common/paths';
import { writeAtomic } from '@/lib/common/atomic-file';

const entrySchema = z.object({ bytes: z.number(), mtimeMs: z.number(), sha256: z.string() });
const recordSchema = z.record(z.string(), entrySchema);
type FileState = { bytes: number; mtimeMs: number };

/** SHA-256 of a file as hex, read as a stream. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * Remembers the checksums of files by size and modification time, so that a bundle is hashed once, not at every start.
 * The record lives outside the bundle and is only a saving: when it cannot be read or written, files are hashed again.
 */
export class VerifiedFiles {
  private constructor(
    private readonly recordPath: string,
    private readonly entries: Map<string, z.infer<typeof entrySchema>>,
  ) {}

  static async open(recordPath = join(cacheDirectory(), 'verified-files.json')): Promise<VerifiedFiles> {
    const text = await readFile(recordPath, 'utf8').catch(() => '{}');
    let parsed: unknown = {};
    try {
      parsed = JSON.parse(text);
    } catch {
      // A damaged record costs one more hashing and is replaced at the next save.
      parsed = {};
    }
    const record = recordSchema.safeParse(parsed);
    return new VerifiedFiles(recordPath, new Map(Object.entries(record.success ? record.data : {})));
  }

  /** The checksum of the file at an absolute path whose size and time are given. */
  async sha256(path: string, { bytes, mtimeMs }: FileState): Promise<string> {
    const known = this.entries.get(path);
    if (known?.bytes === bytes && known.mtimeMs === mtimeMs) {
      return known.sha256;
    }
    const sha256 = await hashFile(path);
    this.entries.set(path, { bytes, mtimeMs, sha256 });
    return sha256;
  }

  async save(): Promise<void> {
    try {
      await mkdir(dirname(this.recordPath), { recursive: true });
      await writeAtomic(this.recordPath, JSON.stringify(Object.fromEntries(this.entries)));
    } catch {
      // A read-only cache directory is allowed: the next start hashes again.
      return;
    }
  }
}
