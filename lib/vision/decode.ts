import { createHash } from 'node:crypto';
import sharp, { type Metadata } from 'sharp';
import { EngineError, messageOf } from '@/lib/engine/errors';
import { type ImageMime, looksLikeSvg, sniffImage } from './sniff';

/** Limits that are checked before anything is decoded. */
export const MAX_IMAGE_BYTES = 64 * 1024 * 1024;
export const MAX_IMAGE_PIXELS = 50_000_000;
export const MAX_CHANNELS = 5;

/** An image as the model sees it: 8-bit sRGB, EXIF orientation applied, alpha flattened on white. */
export type DecodedImage = {
  width: number;
  height: number;
  /** RGB, row-major, 3 x width x height bytes. */
  pixels: Uint8Array;
  /** SHA-256 of the encoded file, hex. */
  sha256: string;
  mime: ImageMime;
};

export type ImageHeader = { mime: ImageMime; width: number; height: number; frames: number };

// libvips keeps decoded images for reuse; a model that sees each image once only pays memory for that.
sharp.cache(false);

function refuseFormat(bytes: Uint8Array): EngineError {
  if (bytes.length === 0) {
    return new EngineError('unreadable_image', 'The image file is empty (0 bytes).');
  }
  const what = looksLikeSvg(bytes) ? 'SVG drawings are not read' : 'The file is not an image that can be read';
  return new EngineError('unsupported_image', `${what}: use JPEG, PNG, WebP, TIFF, GIF or AVIF.`);
}

function unreadable(error: unknown): EngineError {
  const detail = messageOf(error).replace(/[.\s]+$/, '');
  return new EngineError('unreadable_image', `The image is damaged or cut off and cannot be read (${detail}).`);
}

async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata();
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * Reads an image's header, without decoding pixels, and checks format, bytes and pixels. Sizes are after EXIF rotation.
 * @throws EngineError `image_too_large`, `image_too_many_pixels`, `unsupported_image` or `unreadable_image`
 */
export async function readImageHeader(bytes: Uint8Array): Promise<ImageHeader> {
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
  const metadata = await readMetadata(bytes);
  const [width, height] = [metadata.autoOrient.width, metadata.pageHeight ?? metadata.autoOrient.height];
  if (width * height > MAX_IMAGE_PIXELS) {
    const megapixels = Math.round((width * height) / 1e6);
    throw new EngineError(
      'image_too_many_pixels',
      `The image is ${width} x ${height} px (${megapixels} megapixels), the limit is ${MAX_IMAGE_PIXELS / 1e6}: scale it down or cut out the part in question.`,
    );
  }
  return { mime, width, height, frames: metadata.pages ?? 1 };
}

/**
 * Decodes JPEG, PNG, WebP, TIFF, GIF or AVIF bytes (untrusted) to 8-bit sRGB. Animations give their first frame, 16-bit images
 * are scaled to 8 bit, CMYK is converted.
 * @throws EngineError as `readImageHeader`, and `unreadable_image` for truncated or damaged data
 */
export async function decodeImage(bytes: Uint8Array): Promise<DecodedImage> {
  const { mime } = await readImageHeader(bytes);
  const options = { failOn: 'error', limitInputPixels: MAX_IMAGE_PIXELS, limitInputChannels: MAX_CHANNELS } as const;
  try {
    const { data, info } = await sharp(bytes, options)
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const pixels = info.channels === 3 ? data : repeatGrey(data, info.width * info.height, info.channels);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { width: info.width, height: info.height, pixels, sha256, mime };
  } catch (error) {
    throw unreadable(error);
  }
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
