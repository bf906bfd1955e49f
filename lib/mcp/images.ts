import { basename, resolve } from 'node:path';
import { sourceOf } from '@/lib/images/image-source';
import { TemporaryImages } from '@/lib/images/temporary-images';
import type { TurnImage } from '@/lib/turn/types';
import { findImage } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { AppError, notFound } from '@/lib/http/app-error';
import { readImageFile } from '@/lib/engine/worker/load-image';
import { readImageHeader } from '@/lib/vision/decode';
import { sniffImage } from '@/lib/vision/sniff';
import type { GivenImage } from './contract';

/** Enough for every format's signature. */
const HEAD_BYTES = 256;

/** A picture as the engine takes it; `imageId` when it is stored. */
export type McpImage = TurnImage & { imageId: string | null };

async function fromData(owner: Owner, data: string): Promise<McpImage> {
  const text = data.replace(/^data:image\/[a-z0-9.+-]{1,40};base64,/i, '').replace(/\s+/g, '');
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new AppError('invalid_request', 'The field data is not base64: encode the picture again');
  }
  const bytes = Buffer.from(text, 'base64');
  const store = new TemporaryImages(owner.userId);
  try {
    // The checker's process reads a file; from then on the bytes are enough.
    const { id } = await store.add(bytes);
    return { id, name: 'image', source: { bytes }, imageId: null };
  } finally {
    await store.dispose();
  }
}

async function fromStore(owner: Owner, imageId: string): Promise<McpImage> {
  const row = await findImage(owner, imageId);
  if (row === null) {
    throw notFound('image');
  }
  return { id: row.id, name: row.name, source: await sourceOf(row), imageId: row.id };
}

/**
 * The picture that a tool was given: one of `path` (own machine only), `data` and `image_id`.
 * @throws AppError invalid_request, not_found; EngineError for what is no picture
 */
export async function readImage(owner: Owner, given: GivenImage, allowsPaths: boolean): Promise<McpImage> {
  const { path, data, image_id: imageId } = given;
  const count = [path, data, imageId].filter((value) => value !== undefined).length;
  if (count !== 1) {
    const fields = allowsPaths ? 'path, data and image_id' : 'data and image_id';
    throw new AppError('invalid_request', `A picture has exactly one of ${fields}, this one has ${count}`);
  }
  if (path !== undefined) {
    if (!allowsPaths) {
      throw new AppError('invalid_request', 'Paths are read over standard input only: send the picture as data');
    }
    const absolute = resolve(path);
    const bytes = await readImageFile(absolute);
    if (sniffImage(bytes) === undefined) {
      // Throws the sentence that names the formats, before the picture waits for the engine.
      await readImageHeader(bytes.subarray(0, HEAD_BYTES));
    }
    return { id: absolute, name: basename(absolute), source: { path: absolute }, imageId: null };
  }
  return data === undefined ? fromStore(owner, imageId ?? '') : fromData(owner, data);
}
