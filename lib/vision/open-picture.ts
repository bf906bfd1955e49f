import sharp, { type Sharp } from 'sharp';
import { decodeImage, type DecodeOptions, isReadBySharp, MAX_IMAGE_PIXELS } from './decode';

/**
 * An image to be made smaller and encoded again, 8-bit sRGB, turned by its EXIF data, on white: what `decodeImage`
 * gives, but without holding all of its pixels where libvips reads the format as we do.
 * @throws EngineError as `decodeImage`
 */
export async function openPicture(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Sharp> {
  if (await isReadBySharp(bytes, options)) {
    return sharp(bytes, { failOn: 'error', limitInputPixels: MAX_IMAGE_PIXELS })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb');
  }
  const { width, height, pixels } = await decodeImage(bytes, options);
  return sharp(pixels, { raw: { width, height, channels: 3 }, limitInputPixels: MAX_IMAGE_PIXELS });
}
