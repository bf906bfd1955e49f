import sharp from 'sharp';
import type { VisionManifest } from '@/lib/engine/manifest';
import { assembleViews, boundSize } from '@/lib/vision/assemble';
import type { Layout, Size } from '@/lib/vision/layout';

/** Longer side of the anomaly map over the image, px. */
const HEATMAP_SIDE = 512;

/** An anomaly map over the image: values 0..1, row-major. */
export type ImageMap = Size & { values: Float32Array };

/** Puts the views' maps [V,P] together over the image, its longer side up to `longest` px. */
export function toImageMap(
  layout: Layout,
  maps: Float32Array,
  vision: Pick<VisionManifest, 'grid' | 'patch'>,
  longest = HEATMAP_SIDE,
): ImageMap {
  const size = boundSize(layout.image, { longest });
  return { ...size, values: assembleViews(layout, { values: maps, side: vision.grid, step: vision.patch }, size) };
}

/** The map as an 8-bit greyscale PNG (255 = 1.0); colours are the viewer's. */
export async function heatmapPng({ width, height, values }: ImageMap): Promise<Buffer> {
  const grey = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    grey[i] = Math.round(255 * Math.min(1, Math.max(0, values[i] ?? 0)));
  }
  return (
    sharp(grey, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      // Fast rather than small: an answer waits for it.
      .png({ compressionLevel: 2 })
      .toBuffer()
  );
}
