import sharp from 'sharp';
import type { Raster } from './views';

const asRaw = ({ pixels, width, height }: Raster) => sharp(pixels, { raw: { width, height, channels: 3 } });

/** The middle of an image: `share` of its width and height, 0..1. */
export async function cropMiddle(image: Raster, share: number): Promise<Raster> {
  const size = (length: number) => Math.max(1, Math.round(length * share));
  const [width, height] = [size(image.width), size(image.height)];
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  const pixels = await asRaw(image).extract({ left, top, width, height }).raw().toBuffer();
  return { width, height, pixels };
}

/** An image with its border carried on to each side, by `share` of its width and height. */
export async function extendBorder(image: Raster, share: number): Promise<Raster> {
  const [x, y] = [Math.round(image.width * share), Math.round(image.height * share)];
  const pixels = await asRaw(image)
    .extend({ left: x, right: x, top: y, bottom: y, extendWith: 'copy' })
    .raw()
    .toBuffer();
  return { width: image.width + 2 * x, height: image.height + 2 * y, pixels };
}
