import type { BlobStore } from './blob-store';
import { blobsDirectory } from './data-directory';
import { DiskBlobStore } from './disk-blob-store';

/** The uploaded images and the anomaly maps of this installation. */
export function blobs(): BlobStore {
  return new DiskBlobStore(blobsDirectory());
}
