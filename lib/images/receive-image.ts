import { limits, newId, type ImageInfo } from '@/lib/contract';
import { putImage, removeContentIfUnused, type ImageRow } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { EngineError } from '@/lib/engine/errors';
import { AppError } from '@/lib/http/app-error';
import { requireQuotas } from '@/lib/http/room';
import { blobs } from '@/lib/storage';
import { TooManyBytesError, type BlobStore } from '@/lib/storage/blob-store';
import { imageChecker } from '@/lib/vision/checker/pool';
import type { CheckedImage } from '@/lib/vision/checker/protocol';
import { readImageHeader } from '@/lib/vision/decode';
import { sniffImage } from '@/lib/vision/sniff';
import { countTiffPages, readBytesAt } from '@/lib/vision/tiff-pages';
import { windowOf } from './image-source';

/** Enough for every format's signature, and to recognise an SVG. */
const HEAD_BYTES = 256;

/** Passes the bytes on, but fails at once when they do not begin like an image, before the rest is received. */
async function* refuseOtherFormats(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0);
  let checked = false;
  const check = async () => {
    checked = true;
    if (sniffImage(head) === undefined) {
      // Throws the sentence that names the formats.
      await readImageHeader(head);
    }
  };
  for await (const chunk of source) {
    if (!checked) {
      head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES)]);
      if (head.length >= HEAD_BYTES) {
        await check();
      }
    }
    yield chunk;
  }
  if (!checked) {
    await check();
  }
}

/** A file name to show: no folders, no control or direction characters, not endless. */
export function cleanName(name: string | null | undefined): string {
  const base = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = base.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  return clean === '' ? 'image' : clean.slice(0, 200);
}

export function toImageInfo(image: ImageRow): ImageInfo {
  const { id, sha256, width, height, mime, bytes, name, pages, createdAt } = image;
  const window = windowOf(image) ?? null;
  return { id, sha256, width, height, mime, bytes, name, pages, window, createdAt: createdAt.toISOString() };
}

/**
 * Decodes a stored file in the checker's process. The same bytes in another upload that was refused may have taken the
 * file away meanwhile.
 * @throws EngineError unsupported_image, unreadable_image, image_too_many_pixels
 */
export async function checkImage(
  store: BlobStore,
  key: string,
  bytes: Uint8Array,
  person?: string,
): Promise<CheckedImage> {
  try {
    return await imageChecker().check(await store.localPath(key), person);
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'not_found')) {
      throw error;
    }
    await store.write([bytes], limits.imageBytes);
    return imageChecker().check(await store.localPath(key), person);
  }
}

/**
 * Receives an image: counts bytes while they come, checks the format by them, decodes the whole image in a process of
 * its own, so that what is accepted can be inspected, and stores it under its SHA-256. The same content of the same
 * owner keeps its id.
 * @throws AppError image_too_large, quota_exceeded, disk_full; EngineError unsupported_image, unreadable_image,
 *   image_too_many_pixels
 */
export async function receiveImage(
  owner: Owner,
  source: AsyncIterable<Uint8Array>,
  name: string | null | undefined,
): Promise<ImageInfo> {
  const store = blobs();
  const blob = await store.write(refuseOtherFormats(source), limits.imageBytes).catch((error: unknown) => {
    if (error instanceof TooManyBytesError || (error instanceof AppError && error.code === 'body_too_large')) {
      const megabytes = limits.imageBytes / 2 ** 20;
      throw new AppError('image_too_large', `The image has more than ${megabytes} MB: save it smaller`, {
        cause: error,
      });
    }
    throw error;
  });
  const bytes = await store.read(blob.key);
  try {
    const { width, height, mime } = await checkImage(store, blob.key, bytes, owner.userId);
    // The request may have announced less, or nothing.
    await requireQuotas(owner, blob.bytes);
    const pages = mime === 'image/tiff' ? await countTiffPages(readBytesAt(bytes)) : 1;
    const row = await putImage(owner, {
      id: newId(),
      sha256: blob.key,
      name: cleanName(name),
      mime,
      width,
      height,
      bytes: blob.bytes,
      pages,
    });
    if (!(await store.has(blob.key))) {
      // A purge removed the bytes before the row was there; now it would not.
      await store.write([bytes], limits.imageBytes);
    }
    return toImageInfo(row);
  } catch (error) {
    await removeContentIfUnused(blob.key, () => store.remove(blob.key));
    throw error;
  }
}
