import { createHash } from 'node:crypto';
import { toImageMap } from '@/lib/anomaly/heatmap';
import { type Inspector } from '@/lib/anomaly/inspector';
import { MUTUAL, scoreMutually } from '@/lib/anomaly/mutual';
import { patchExtents, pooledPatches } from '@/lib/anomaly/patches';
import { type Bundle } from '@/lib/engine/bundle';
import { type DecodedImage } from '@/lib/vision/decode';
import { type Layout } from '@/lib/vision/layout';
import { type Detection, type Detector } from './detector';

/** Cosine distances lie in 0..2; scores and maps of a detector in 0..1. */
const MAX_DISTANCE = 2;

/** The product's own inspection as a detector: the very code that answers users. */
export function inspectorDetector(bundle: Bundle, inspector: Inspector, signal?: AbortSignal): Detector {
  const digest = createHash('sha256').update(JSON.stringify(bundle.manifest)).digest('hex').slice(0, 12);
  return {
    id: `${bundle.name} (${digest})`,
    async inspect(image, references) {
      const { score, map } = await inspector.inspect(image, { references, signal });
      return { score, map };
    },
    mutual: (images) => mutualDetections(bundle, inspector, images, signal),
  };
}

/**
 * Keeps one level of each image's base view in memory (1.2 MB an image with the mini bundle), then compares all of them. The scores say
 * nothing about images of another set.
 */
async function* mutualDetections(
  { manifest: { vision } }: Bundle,
  inspector: Inspector,
  images: AsyncIterable<DecodedImage>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Detection> {
  const patches: Float32Array[] = [];
  const layouts: Layout[] = [];
  for await (const image of images) {
    const { layout, levels } = await inspector.encode(image, signal);
    const [extent = { columns: vision.grid, rows: vision.grid }] = patchExtents(layout, vision);
    patches.push(pooledPatches(levels, { view: 0, level: MUTUAL.level }, extent, vision));
    layouts.push(baseOnly(layout));
  }
  const results = await scoreMutually(patches, inspector.similarity, { signal });
  for (const [index, { map, score }] of results.entries()) {
    const values = map.map(toShare);
    yield { score: toShare(score), map: toImageMap(layouts[index] as Layout, values, vision) };
  }
}

/** A distance as a share of the largest; equal vectors may differ from 0 by rounding. */
const toShare = (distance: number): number => Math.min(1, Math.max(0, distance / MAX_DISTANCE));

/** The layout without its tiles: only the base view is compared. */
function baseOnly(layout: Layout): Layout {
  return { ...layout, columns: 0, rows: 0, views: layout.views.slice(0, 1) };
}
