import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { EngineError } from '@/lib/engine/errors';
import { bmpToPng } from './bmp';
import { looksLikeBmp } from './bmp-header';
import { readSamples, WHITE_IS_ZERO } from './deep';
import { MAX_CHANNELS, MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS, readImageHeader } from './decode';
import { readTiffTags } from './tiff-tags';

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

/** Values from 0 to 65,535 that keep the order of the others and lose none that is above 0. */
function toUint16(values: ArrayLike<number>): Uint16Array {
  let [max, isWhole] = [0, true];
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    max = value > max ? value : max;
    isWhole &&= Number.isInteger(value);
  }
  const scale = isWhole && max < 2 ** 16 ? 1 : (2 ** 16 - 1) / max;
  return Uint16Array.from(values, (value) => (value > 0 ? Math.max(1, Math.round(value * scale)) : 0));
}

/**
 * Pixels in the file's own orientation, with its own values: class numbers of deep files are small, and at 8 bits they
 * would all be 0.
 */
async function readPixels(bytes: Uint8Array) {
  const { mime } = await readImageHeader(bytes);
  const options = { failOn: 'error', limitInputPixels: MAX_IMAGE_PIXELS, limitInputChannels: MAX_CHANNELS } as const;
  const metadata = await sharp(bytes, options).metadata();
  const isDeep = metadata.depth !== 'uchar' && metadata.depth !== 'char' && ['png', 'tiff'].includes(metadata.format);
  // Where 0 is white libvips turns the values round; a mask's 0 is nothing, however it is shown.
  const isInverted = metadata.format === 'tiff' && readTiffTags(bytes).photometric === WHITE_IS_ZERO;
  const isLossy = mime === 'image/jpeg';
  if (isDeep) {
    const { values, bands, ...size } = await readSamples(sharp(bytes, options), metadata);
    const own = toUint16(values);
    const turned = isInverted && metadata.depth === 'ushort' ? own.map((value) => 2 ** 16 - 1 - value) : own;
    return { values: turned, info: { ...size, channels: bands }, isLossy };
  }
  const { data, info } = await sharp(bytes, options).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { values: isInverted ? data.map((value) => 255 - value) : data, info, isLossy };
}

/** More grey levels than this come from soft edges or lossy compression, not from classes. */
const MAX_LEVELS = 32;

/**
 * A lossy picture that is nowhere brighter may be black with the noise of its compression, or have small class numbers:
 * nobody can tell.
 */
const NOISE = 16;

/**
 * From which value on a pixel is marked. Few levels are classes, each of which marks, however dark it is beside
 * another; many are the steps of a soft edge, of which the brighter half marks.
 */
function leastMarked(levels: Uint32Array, isLossy: boolean): number {
  let [brightest, count] = [0, 0];
  for (let value = 1; value < levels.length; value += 1) {
    if ((levels[value] ?? 0) > 0) {
      brightest = value;
      count += 1;
    }
  }
  if (isLossy && brightest > 0 && brightest < NOISE) {
    throw new EngineError(
      'unreadable_image',
      `The mask is a JPEG file whose brightest value is ${brightest}: that may be noise or a class. Save the mask as PNG.`,
    );
  }
  return count <= MAX_LEVELS && !isLossy ? 1 : Math.max(1, Math.ceil(brightest / 2));
}

/**
 * Reads a mask picture. 0 (or transparent) is normal; anomalous is 255, a class number (VisA) also of 16 bits, or the
 * brighter half of a mask with soft edges or lossy compression.
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
