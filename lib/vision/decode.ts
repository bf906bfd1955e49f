import { createHash } from 'node:crypto';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { decodeBmp } from './bmp';
import { readBmpHeader } from './bmp-header';
import { decodeDeep, type DeepImage, isDeep, readDeep } from './deep';
import { describeForeign } from './foreign-formats';
import { decodeHeic } from './heic';
import { MAX_BANDS, MAX_CHANNELS, MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS } from './limits';
import { type ImageMime, looksLikeSvg, sniffImage } from './sniff';
import { countTiffPages, readBytesAt } from './tiff-pages';
import { readTiffTags } from './tiff-tags';
import { measure, type ValueMeasure, type ValueRange, type ValueWindow } from './value-range';

export { MAX_CHANNELS, MAX_IMAGE_BYTES, MAX_IMAGE_PIXELS } from './limits';

/** An image as the model sees it: 8-bit sRGB, EXIF orientation applied, alpha flattened on white. */
export type DecodedImage = {
  width: number;
  height: number;
  /** RGB, row-major, 3 x width x height bytes. */
  pixels: Uint8Array;
  /**
   * SHA-256 of the encoded file, hex; of the file and how it was asked to be read, where that is not the plain way:
   * tells pictures apart, not files.
   */
  sha256: string;
  mime: ImageMime;
  /**
   * Sentences about what is not as in any other image: the range of values that is shown, bands that are left out,
   * further pages.
   */
  notes: string[];
  /** The range of values that is shown, of files that have more than 8 bits a sample. */
  range?: ValueRange | undefined;
};

export type ImageHeader = { mime: ImageMime; width: number; height: number; frames: number };

export type DecodeOptions = {
  /** The page of a TIFF or the frame of an animation, from 0. */
  page?: number | undefined;
  /** The values to show black and white, of files with more than 8 bits a sample; otherwise the range is found. */
  window?: ValueWindow | undefined;
};

// libvips keeps decoded images for reuse; a model that sees each image once only pays memory for that.
sharp.cache(false);

function refuseFormat(bytes: Uint8Array): EngineError {
  if (bytes.length === 0) {
    return new EngineError('unreadable_image', 'The image file is empty (0 bytes).');
  }
  const foreign = describeForeign(bytes);
  if (foreign !== undefined) {
    return new EngineError('unsupported_image', `The file is ${foreign}.`);
  }
  const what = looksLikeSvg(bytes) ? 'SVG drawings are not read' : 'The file is not an image that can be read';
  return new EngineError('unsupported_image', `${what}: use JPEG, PNG, WebP, TIFF, GIF, AVIF, HEIC or BMP.`);
}

function unreadable(error: unknown): EngineError {
  const detail = messageOf(error).replace(/[.\s]+$/, '');
  return new EngineError('unreadable_image', `The image is damaged or cut off and cannot be read (${detail}).`);
}

/** What a TIFF has that is not read, since the decoder's own words for it help nobody; undefined: it is damaged. */
function tiffTrouble(bytes: Uint8Array, page: number): string | undefined {
  const { bits = 1, bands = 1, samples } = readTiffTags(bytes, page);
  if (![1, 2, 4, 8, 16, 32].includes(bits)) {
    return `The TIFF has samples of ${bits} bits, which are not read: save it with ${bits > 32 ? '32' : '16'} bits${samples === 3 ? ' (float)' : ''}.`;
  }
  return bands > MAX_BANDS
    ? `The TIFF has ${bands} bands, the limit is ${MAX_BANDS}: save the three in question.`
    : undefined;
}

/**
 * What a TIFF has that libvips reads wrongly and without a word: floats of 16 bits, and planes of what is not called
 * RGB.
 */
function misread(bytes: Uint8Array, page: number): string | undefined {
  const { bits, bands = 1, samples, planes, photometric = 1 } = readTiffTags(bytes, page);
  if (samples === 3 && bits === 16) {
    return 'The TIFF has floats of 16 bits, which are not read: save it with 32 bits (float).';
  }
  return planes === 2 && bands > 1 && photometric < 2
    ? `The TIFF has its ${bands} bands in a plane each, which is not read: save it with interleaved bands (planar configuration 1).`
    : undefined;
}

async function readMetadata(bytes: Uint8Array, mime: ImageMime, page: number): Promise<Metadata> {
  const wrong = mime === 'image/tiff' ? misread(bytes, page) : undefined;
  if (wrong !== undefined) {
    throw new EngineError('unsupported_image', wrong);
  }
  try {
    return await sharp(bytes, { limitInputPixels: false, limitInputChannels: 0, failOn: 'error', page }).metadata();
  } catch (error) {
    const trouble = mime === 'image/tiff' ? tiffTrouble(bytes, page) : undefined;
    throw trouble === undefined ? unreadable(error) : new EngineError('unsupported_image', trouble);
  }
}

/** "50.4", and "400" where a digit more says nothing. */
const megapixels = (pixels: number): string => (pixels / 1e6).toFixed(pixels < 100e6 ? 1 : 0).replace(/\.0$/, '');

/** Pixels in words that cannot read like the limit itself. */
function refusePixels(width: number, height: number): EngineError {
  const shown = megapixels(width * height);
  const limit = MAX_IMAGE_PIXELS / 1e6;
  const count = shown === String(limit) ? `${(width * height).toLocaleString('en')} pixels` : `${shown} megapixels`;
  return new EngineError(
    'image_too_many_pixels',
    `The image is ${width} x ${height} px (${count}), the limit is ${limit} megapixels: scale it down or cut out the part in question.`,
  );
}

/** What a bitmap's header says. @throws EngineError `unreadable_image` */
function inspectBitmap(bytes: Uint8Array): ImageHeader {
  try {
    const { width, height } = readBmpHeader(bytes);
    return { mime: 'image/bmp', width, height, frames: 1 };
  } catch (error) {
    throw new EngineError('unreadable_image', messageOf(error));
  }
}

async function inspectHeader(
  bytes: Uint8Array,
  page: number,
): Promise<{ header: ImageHeader; metadata: Metadata | undefined }> {
  if (bytes.length > MAX_IMAGE_BYTES) {
    const size = Math.ceil(bytes.length / 2 ** 20);
    throw new EngineError(
      'image_too_large',
      `The image has ${size} MB, the limit is ${MAX_IMAGE_BYTES / 2 ** 20} MB: save it smaller.`,
    );
  }
  const mime = sniffImage(bytes);
  if (mime === undefined) {
    throw refuseFormat(bytes);
  }
  if (mime === 'image/bmp') {
    const header = inspectBitmap(bytes);
    if (header.width * header.height > MAX_IMAGE_PIXELS) {
      throw refusePixels(header.width, header.height);
    }
    return { header, metadata: undefined };
  }
  const metadata = await readMetadata(bytes, mime, page);
  const [width, height] = [metadata.autoOrient.width, metadata.pageHeight ?? metadata.autoOrient.height];
  if (width * height > MAX_IMAGE_PIXELS) {
    throw refusePixels(width, height);
  }
  const { channels } = metadata;
  if (
    channels > MAX_CHANNELS &&
    (channels > MAX_BANDS || width * height * channels > MAX_IMAGE_PIXELS * MAX_CHANNELS)
  ) {
    throw new EngineError(
      'unsupported_image',
      `The image is ${width} x ${height} px with ${channels} bands, more than is read at once: save the three bands in question.`,
    );
  }
  // libvips counts reduced copies of a page as pages.
  const frames = mime === 'image/tiff' ? await countTiffPages(readBytesAt(bytes)) : (metadata.pages ?? 1);
  return { header: { mime, width, height, frames }, metadata };
}

/** How EXIF says that an image is to be turned before it is shown, 1 (not at all) to 8. */
export async function readOrientation(bytes: Uint8Array): Promise<number> {
  return (await readMetadata(bytes, sniffImage(bytes) ?? 'image/jpeg', 0)).orientation ?? 1;
}

/**
 * Reads an image's header, without decoding pixels, and checks format, bytes and pixels. Sizes are after EXIF rotation.
 * @param page of a TIFF, from 0
 * @throws EngineError `image_too_large`, `image_too_many_pixels`, `unsupported_image` or `unreadable_image`
 */
export async function readImageHeader(bytes: Uint8Array, page = 0): Promise<ImageHeader> {
  return (await inspectHeader(bytes, page)).header;
}

const decodeOptions = (page: number) =>
  ({ failOn: 'error', limitInputPixels: MAX_IMAGE_PIXELS, limitInputChannels: MAX_BANDS, page }) as const;

/**
 * Decodes JPEG, PNG, WebP, TIFF, GIF, AVIF, HEIC or BMP bytes (untrusted) to 8-bit sRGB. Animations give their first
 * frame and TIFF files their first page unless another is asked for. Values of more than 8 bits in PNG and TIFF files
 * are read by the range that they use (docs/decisions/value-range.md); `notes` says which. CMYK is converted.
 * @throws EngineError as `readImageHeader`, and `unreadable_image` for truncated or damaged data
 */
export async function decodeImage(bytes: Uint8Array, { page = 0, window }: DecodeOptions = {}): Promise<DecodedImage> {
  const { header, metadata } = await inspectHeader(bytes, page);
  const { mime, frames } = header;
  const options = decodeOptions(page);
  try {
    const deep =
      metadata !== undefined && isDeep(metadata, bytes, page)
        ? await decodeDeep(bytes, metadata, options, window)
        : undefined;
    const { width, height, pixels, notes, range } = deep ?? (await decodeAs(mime, bytes, options));
    const hash = createHash('sha256').update(bytes);
    const isPlain = page === 0 && window === undefined;
    const sha256 = (isPlain ? hash : hash.update(JSON.stringify([page, window]))).digest('hex');
    const parts = mime === 'image/tiff' ? 'pages' : 'frames';
    const which = frames > 1 ? [`The file has ${frames} ${parts}: number ${page + 1} is shown.`] : [];
    return { width, height, pixels, sha256, mime, notes: [...which, ...notes], range };
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * The values of a file with more than 8 bits a sample: the range by which it is read, what they span, and how they are
 * spread. Undefined for all other files.
 * @throws EngineError as `decodeImage`
 */
export async function measureValues(bytes: Uint8Array): Promise<ValueMeasure | undefined> {
  const { metadata } = await inspectHeader(bytes, 0);
  if (metadata === undefined || metadata.depth === 'uchar' || !isDeep(metadata, bytes, 0)) {
    return undefined;
  }
  try {
    const { values, bands, layout } = await readDeep(bytes, metadata, decodeOptions(0));
    return measure({ values, bands, used: Math.min(layout.used, bands) });
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * Whether libvips alone decodes an image as `decodeImage` does.
 * @throws EngineError as `readImageHeader`
 */
export async function isReadBySharp(bytes: Uint8Array, { page = 0, window }: DecodeOptions = {}): Promise<boolean> {
  const { header, metadata } = await inspectHeader(bytes, page);
  const isForeign = metadata === undefined || header.mime === 'image/heic';
  return !isForeign && page === 0 && window === undefined && !isDeep(metadata, bytes, page);
}

const WHITE = 255;

/** Lays RGBA on white. */
function withoutAlpha(rgba: ArrayLike<number>, count: number): Uint8Array {
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i += 1) {
    const share = (rgba[i * 4 + 3] ?? WHITE) / WHITE;
    for (let channel = 0; channel < 3; channel += 1) {
      rgb[i * 3 + channel] = Math.round((rgba[i * 4 + channel] ?? 0) * share + WHITE * (1 - share));
    }
  }
  return rgb;
}

/** Decodes what libvips reads itself, and the two formats that it does not. */
async function decodeAs(mime: ImageMime, bytes: Uint8Array, options: SharpOptions): Promise<DeepImage> {
  if (mime === 'image/bmp') {
    const { rgb, ...size } = decodeBmp(bytes);
    return { ...size, pixels: rgb, notes: [], range: undefined };
  }
  if (mime === 'image/heic') {
    const { width, height, rgba } = await decodeHeic(bytes);
    return { width, height, pixels: withoutAlpha(rgba, width * height), notes: [], range: undefined };
  }
  return decodePlain(bytes, options);
}

async function decodePlain(bytes: Uint8Array, options: SharpOptions): Promise<DeepImage> {
  const { data, info } = await sharp(bytes, options)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const pixels = channels === 3 ? data : repeatGrey(data, width * height, channels);
  return { width, height, pixels, notes: [], range: undefined };
}

/** Greyscale images decode to one channel; the model wants three. */
function repeatGrey(data: Uint8Array, count: number, channels: number): Uint8Array {
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i += 1) {
    const value = data[i * channels] ?? 0;
    rgb[3 * i] = value;
    rgb[3 * i + 1] = value;
    rgb[3 * i + 2] = value;
  }
  return rgb;
}
