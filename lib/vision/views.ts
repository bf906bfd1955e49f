import sharp from 'sharp';
import type { VisionManifest } from '@/lib/engine/manifest';
import type { DecodedImage } from './decode';
import type { Layout, Size } from './layout';

/** RGB pixels, row-major. */
export type Raster = Size & { pixels: Uint8Array };

/** Resizes RGB pixels to exactly width x height with libvips' cubic kernel. */
export async function resizeRaster(image: Raster, { width, height }: Size): Promise<Raster> {
  if (image.width === width && image.height === height) {
    return { width, height, pixels: image.pixels };
  }
  const pixels = await sharp(image.pixels, { raw: { width: image.width, height: image.height, channels: 3 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill', fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
  return { width, height, pixels };
}

/** Copies a window of `source` at (left, top) into view `index` of `target` [V,3,S,S], normalised; padding stays 0. */
function copyNormalised(
  source: Raster,
  { left, top, width, height }: Size & { left: number; top: number },
  target: Float32Array,
  index: number,
  { imageSize: side, mean, std }: Pick<VisionManifest, 'imageSize' | 'mean' | 'std'>,
): void {
  for (let channel = 0; channel < 3; channel += 1) {
    const scale = 1 / (255 * (std[channel] ?? 1));
    const shift = (mean[channel] ?? 0) / (std[channel] ?? 1);
    const plane = (index * 3 + channel) * side * side;
    for (let y = 0; y < height; y += 1) {
      let from = ((top + y) * source.width + left) * 3 + channel;
      const row = plane + y * side;
      for (let x = 0; x < width; x += 1) {
        target[row + x] = (source.pixels[from] ?? 0) * scale - shift;
        from += 3;
      }
    }
  }
}

/**
 * The encoder's input `pixels` [V,3,S,S] (float32, normalised): the image squashed to S x S, and its tiles cut from the
 * image fitted into the grid's canvas.
 */
export async function renderViews(
  image: DecodedImage,
  layout: Layout,
  vision: Pick<VisionManifest, 'imageSize' | 'mean' | 'std'>,
): Promise<Float32Array> {
  const side = vision.imageSize;
  const pixels = new Float32Array(layout.views.length * 3 * side * side);
  const base = await resizeRaster(image, { width: side, height: side });
  copyNormalised(base, { left: 0, top: 0, width: side, height: side }, pixels, 0, vision);
  if (layout.views.length > 1) {
    const canvas = await resizeRaster(image, layout.fitted);
    layout.views.forEach((view, index) => {
      if (view.kind === 'tile') {
        const window = { left: view.left, top: view.top, width: view.validWidth, height: view.validHeight };
        copyNormalised(canvas, window, pixels, index, vision);
      }
    });
  }
  return pixels;
}
