import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { EngineError } from '@/lib/engine/errors';
import { type DecodedImage, MAX_IMAGE_BYTES, decodeImage } from '@/lib/vision/decode';
import { extractTiffPage, withFileAt } from '@/lib/vision/tiff-pages';
import type { ImageSource } from '@/lib/turn/perception';

/** A pipe is opened at once, to be refused, and not only when somebody writes to it. */
const OPENING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads at most `limit` bytes of a file; a longer one is refused without being read.
 * @throws EngineError `not_found`, `invalid_request` (a directory) or `image_too_large`, naming the file
 */
export async function readImageFile(path: string, limit = MAX_IMAGE_BYTES): Promise<Uint8Array> {
  const file = await open(path, OPENING).catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === 'ENOENT' ? 'there is no such file' : `it cannot be opened (${error.code ?? 'unknown'})`;
    throw new EngineError('not_found', `The image ${path} cannot be read: ${reason}.`);
  });
  try {
    const state = await file.stat();
    if (!state.isFile()) {
      throw new EngineError('invalid_request', `${path} is not a file: give an image file.`);
    }
    if (state.size > limit) {
      const size = Math.ceil(state.size / 2 ** 20);
      throw new EngineError(
        'image_too_large',
        `The image has ${size} MB, the limit is ${limit / 2 ** 20} MB: save it smaller.`,
      );
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Reads and decodes an image; errors of a file name it. */
export async function loadImage(source: ImageSource): Promise<DecodedImage> {
  if ('bytes' in source) {
    return decodeImage(source.bytes, { window: source.window });
  }
  const { path, page } = source;
  const whole = page === undefined ? await readImageFile(path) : undefined;
  try {
    const bytes = whole ?? (await withFileAt(path, (read) => extractTiffPage(read, (page ?? 1) - 1)));
    return await decodeImage(bytes, { window: source.window });
  } catch (error) {
    if (error instanceof EngineError) {
      throw new EngineError(error.code, `${path}: ${error.message}`);
    }
    throw error;
  }
}
