import { KnownError } from '@/lib/common/known-error';

/** The bytes of a file that was received: its SHA-256 (hex) is the key under which it can be read. */
export type StoredBlob = { key: string; bytes: number };

/**
 * Content-addressed storage. The same bytes have the same key and are kept once. Keys come from the content only, so
 * nothing that a client says ever becomes a path. The disk (`DiskBlobStore`) is one place; an object store would be
 * another.
 */
export type BlobStore = {
  /**
   * Stores what `source` yields. Once it resolves, the bytes survive a crash.
   * @throws TooManyBytesError as soon as more than `limit` bytes have come; nothing is kept then.
   */
  write(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, limit: number): Promise<StoredBlob>;
  /** @throws BlobMissingError */
  read(key: string): Promise<Buffer>;
  /** Whether it is there and was not set aside. */
  has(key: string): Promise<boolean>;
  /** A file of this machine with the bytes, for code that reads files by itself. It may be missing if the blob is. */
  localPath(key: string): Promise<string>;
  /** Deletes a blob for good, also one that was set aside. Deleting what is not there is no error. */
  remove(key: string): Promise<void>;
  /** Keys of all blobs that were stored before `time` (ms since 1970). */
  keysOlderThan(time: number): AsyncIterable<string>;
  /** Takes a blob away in such a way that it comes back by itself when it is read, or by `putBack`. */
  setAside(key: string): Promise<void>;
  /** Keys that were set aside before `time` (ms since 1970). */
  keysSetAside(time: number): AsyncIterable<string>;
  /** @returns whether the blob had been set aside */
  putBack(key: string): Promise<boolean>;
  /** Removes what uploads that never ended left behind before `time`. */
  removeUnfinished(time: number): Promise<void>;
};

export class TooManyBytesError extends KnownError {
  static override readonly kind = 'TooManyBytesError';
  override name = 'TooManyBytesError';
  constructor(readonly limit: number) {
    super(`The file has more than ${limit} bytes`);
  }
}

export class BlobMissingError extends KnownError {
  static override readonly kind = 'BlobMissingError';
  override name = 'BlobMissingError';
  constructor(key: string) {
    super(`The stored file ${key} is missing: restore a backup of the data directory`);
  }
}
