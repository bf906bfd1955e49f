import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '@/lib/contract';
import { LRUCache } from 'lru-cache';
import { AppError } from '@/lib/http/app-error';
import { dataDirectory } from '@/lib/storage/data-directory';
import { imageChecker } from '@/lib/vision/checker/pool';
import type { CheckedImage } from '@/lib/vision/checker/protocol';
import { readImageHeader } from '@/lib/vision/decode';
import { sniffImage } from '@/lib/vision/sniff';

/** An image that came with a request and is on the disk only while that request is answered. */
export type TemporaryImage = {
  /** Made from the content, so that the same picture in a later request is known again. */
  id: string;
  sha256: string;
  path: string;
  width: number;
  height: number;
  mime: string;
};

/** A crash leaves files; none is needed for longer. */
const LEFT_OVER_MS = 60 * 60_000;
/** Pictures that were decoded lately need no second check: a client sends them again with every turn. */
const CHECKED_IMAGES = 1_000;

type Holder = typeof globalThis & {
  looktwiceChecked?: LRUCache<string, CheckedImage>;
  looktwiceTemporarySwept?: boolean;
};
const holder = globalThis as Holder;

function directory(): string {
  return join(dataDirectory(), 'temporary');
}

/** The id of an image that is not stored: 128 bits of its SHA-256 in base64url. */
function contentId(sha256: string): string {
  return Buffer.from(sha256.slice(0, 32), 'hex').toString('base64url');
}

async function removeLeftOvers(): Promise<void> {
  const before = Date.now() - LEFT_OVER_MS;
  for (const name of await readdir(directory())) {
    const path = join(directory(), name);
    // Another request may take its own file away in this moment.
    const state = await stat(path).catch(() => undefined);
    if (state !== undefined && state.mtimeMs < before) {
      await rm(path, { force: true });
    }
  }
}

/** The images of one request. Call `dispose` when it is answered, in any case. */
export class TemporaryImages {
  private readonly images = new Map<string, TemporaryImage>();
  private readonly paths: string[] = [];

  /** @param person whose request it is; decoding takes turns between people */
  constructor(private readonly person?: string) {}

  /**
   * Checks an image as an upload is checked (by its bytes, decoded whole in the checker's process) and keeps it in a
   * file of its own.
   * @throws AppError image_too_large; EngineError unsupported_image, unreadable_image, image_too_many_pixels
   */
  async add(bytes: Uint8Array): Promise<TemporaryImage> {
    if (bytes.byteLength > limits.imageBytes) {
      const megabytes = limits.imageBytes / 2 ** 20;
      throw new AppError('image_too_large', `The image has more than ${megabytes} MB: save it smaller`);
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const known = this.images.get(sha256);
    if (known !== undefined) {
      return known;
    }
    if (sniffImage(bytes) === undefined) {
      // Throws the sentence that names the formats, before anything is written.
      await readImageHeader(bytes);
    }
    const path = await this.write(bytes);
    holder.looktwiceChecked ??= new LRUCache<string, CheckedImage>({ max: CHECKED_IMAGES });
    const checked = holder.looktwiceChecked.get(sha256) ?? (await imageChecker().check(path, this.person));
    holder.looktwiceChecked.set(sha256, checked);
    const { width, height, mime } = checked;
    const image = { id: contentId(sha256), sha256, path, width, height, mime };
    this.images.set(sha256, image);
    return image;
  }

  /** Removes the files. */
  async dispose(): Promise<void> {
    await Promise.all(this.paths.map((path) => rm(path, { force: true })));
  }

  private async write(bytes: Uint8Array): Promise<string> {
    await mkdir(directory(), { recursive: true, mode: 0o700 });
    if (holder.looktwiceTemporarySwept !== true) {
      holder.looktwiceTemporarySwept = true;
      await removeLeftOvers();
    }
    const path = join(directory(), randomUUID());
    this.paths.push(path);
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
    return path;
  }
}
