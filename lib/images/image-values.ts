import type { ImageInfo, ImageValues, ValueWindow } from '@/lib/contract';
import { changeWindow, findImage, type ImageRow } from '@/lib/database/images';
import type { Owner } from '@/lib/database/owner';
import { AppError, notFound } from '@/lib/http/app-error';
import { blobs } from '@/lib/storage';
import { measureValues } from '@/lib/vision/decode';
import { countTiffPages, extractTiffPage, readBytesAt } from '@/lib/vision/tiff-pages';
import { describeRange } from '@/lib/vision/value-range';
import { imageGate } from './gate';
import { windowOf } from './image-source';
import { receiveImage, toImageInfo } from './receive-image';

async function findOrThrow(who: Owner, id: string): Promise<ImageRow> {
  const image = await findImage(who, id);
  if (image === null) {
    throw notFound('image');
  }
  return image;
}

/**
 * What a stored file holds beyond the picture that is shown: further pages, and values of more than 8 bits. @throws
 * AppError not_found
 */
export async function readValues(who: Owner, id: string): Promise<ImageValues> {
  const image = await findOrThrow(who, id);
  const bytes = await blobs().read(image.sha256);
  const pages = image.mime === 'image/tiff' ? await countTiffPages(readBytesAt(bytes)) : 1;
  const measured = await imageGate.run(() => measureValues(bytes));
  const window = windowOf(image) ?? null;
  if (measured === undefined) {
    return { pages, values: null, window };
  }
  const { range, ...rest } = measured;
  const found = { low: range.low, high: range.high };
  return { pages, values: { found, note: describeRange(range) ?? null, ...rest }, window };
}

/**
 * Sets the values that are shown black and white, or lets them be found again.
 * @throws AppError not_found; invalid_request for a file of 8 bits a sample
 */
export async function chooseWindow(owner: Owner, id: string, window: ValueWindow | null): Promise<ImageInfo> {
  const { values } = await readValues(owner, id);
  if (window !== null && values === null) {
    throw new AppError('invalid_request', 'The field window is wrong: the file has 8 bits a sample, shown as they are');
  }
  const row = await changeWindow(owner, id, window);
  if (row === null) {
    throw notFound('image');
  }
  return toImageInfo(row);
}

/**
 * Sets the values of an image of which nobody chose any.
 * @returns whether they are these now: somebody may have chosen others, which stay
 * @throws AppError as `chooseWindow`
 */
export async function adoptWindow(owner: Owner, id: string, window: ValueWindow): Promise<boolean> {
  const known = windowOf(await findOrThrow(owner, id));
  if (known === undefined) {
    await chooseWindow(owner, id, window);
    return true;
  }
  return known.low === window.low && known.high === window.high;
}

/**
 * A page of a TIFF stack as an image of its own; the same page has the same id every time.
 * @param page from 1; the first is the image itself
 * @throws AppError not_found; EngineError invalid_request when there is no such page, or as an upload
 */
export async function openPage(owner: Owner, id: string, page: number): Promise<ImageInfo> {
  const image = await findOrThrow(owner, id);
  if (page === 1) {
    return toImageInfo(image);
  }
  const bytes = await extractTiffPage(readBytesAt(await blobs().read(image.sha256)), page - 1);
  async function* source() {
    yield bytes;
  }
  return receiveImage(
    owner,
    source(),
    image.name.replace(/(\.tiff?)?$/i, (ending) => ` page ${page}${ending}`),
  );
}
