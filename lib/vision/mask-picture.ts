import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { EngineError } from '@/lib/engine/errors';
import { bmpToPng } from './bmp';
import { looksLikeBmp } from './bmp-header';
import { MAX_CHANNELS, MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS, readImageHeader } from './decode';

/** A mask as a picture says it: `data` has width x height bytes, 0 or 1, row-major. */
export type MaskPicture = { width: number; height: number; data: Uint8Array };

function tooLarge(size: number): EngineError {
  return new EngineError(
    'image_too_large',
    `The file has ${size} bytes, more than ${MAX_IMAGE_BYTES}: save it smaller.`,
  );
}

/** @throws EngineError `image_too_large`, before it is read */
export async function readBoundedFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > MAX_IMAGE_BYTES) {
    throw tooLarge(size);
  }
  return readFile(path);
}

/**
 * A file's bytes, a Windows bitmap as PNG.
 * @throws EngineError `image_too_large`; RangeError for a damaged bitmap
 */
export async function readImageBytes(path: string): Promise<Uint8Array> {
  const bytes = await readBoundedFile(path);
  const image = looksLikeBmp(bytes) ? await bmpToPng(bytes) : bytes;
  if (image.length > MAX_IMAGE_BYTES) {
    throw tooLarge(image.length);
  }
  return image;
}

/** Pixels in the file's own orientation, at the file's own depth up to 16 bits a channel. */
async function readPixels(bytes: Uint8Array) {
  const { mime } = await readImageHeader(bytes);
  const options = { failOn: 'error', limitInputPixels: MAX_IMAGE_PIXELS, limitInputChannels: MAX_CHANNELS } as const;
  const { depth } = await sharp(bytes, options).metadata();
  // Class numbers of 16 bit files are small: at 8 bits they would all be 0.
  const isDeep = depth !== undefined && depth !== 'uchar' && depth !== 'char';
  const picture = isDeep ? sharp(bytes, options).toColourspace('rgb16') : sharp(bytes, options);
  const { data, info } = await picture
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const values = isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  return { values, info, isLossy: mime === 'image/jpeg' };
}

/** More grey levels than this come from soft edges or lossy compression, not from classes. */
const MAX_LEVELS = 32;

/**
 * From which value on a pixel is marked. Few levels are classes, each of which marks, however dark it is beside another; many are the steps of a soft edge, of which the brighter half marks.
 */
function leastMarked(levels: Uint32Array, isLossy: boolean): number {
  let [brightest, count] = [0, 0];
  for (let value = 1; value < levels.length; value += 1) {
    if ((levels[value] ?? 0) > 0) {
      brightest = value;
      count += 1;
    }
  }
  return count <= MAX_LEVELS && !isLossy ? 1 : Math.max(1, Math.ceil(brightest / 2));
}

/**
 * Reads a mask picture. 0 (or transparent) is normal; anomalous is 255, a class number (VisA) also of 16 bits, or the brighter half of a mask with soft edges or lossy compression.
 *
 * @throws Error for what is no readable image
 */
export async function readMaskPicture(path: string): Promise<MaskPicture> {
  const { values, info, isLossy } = await readPixels(await readImageBytes(path));
  const { width, height, channels } = info;
  const hasAlpha = channels === 2 || channels === 4;
  const colours = hasAlpha ? channels - 1 : channels;
  const pixels = width * height;
  const brightness = new Uint16Array(pixels);
  const levels = new Uint32Array(65_536);
  let [isCut, isColoured] = [false, false];
  for (let i = 0; i < pixels; i += 1) {
    const at = i * channels;
    const isShown = !hasAlpha || (values[at + colours] ?? 0) > 0;
    isCut ||= !isShown;
    let value = 0;
    for (let channel = 0; isShown && channel < colours; channel += 1) {
      value = Math.max(value, values[at + channel] ?? 0);
    }
    isColoured ||= value > 0;
    brightness[i] = value;
    levels[value] = (levels[value] ?? 0) + 1;
  }
  const data = new Uint8Array(pixels);
  const least = leastMarked(levels, isLossy);
  for (let i = 0; i < pixels; i += 1) {
    // A mask of black on transparent says everything by what is transparent.
    const isMarked = isColoured ? (brightness[i] ?? 0) >= least : isCut && (values[i * channels + colours] ?? 0) > 0;
    data[i] = isMarked ? 1 : 0;
  }
  return { width, height, data };
}
