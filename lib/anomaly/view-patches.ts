import { checkpoint } from '@/lib/engine/checkpoint';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import { concatenate } from '@/lib/vision/concatenate';
import type { Layout, View } from '@/lib/vision/layout';
import { evenly, pickRows } from './bank-rows';
import { type PatchExtent, nearness, patchExtents, pooledPatches } from './patches';
import type { Similarity } from './similarity';

export type Kind = View['kind'];
export const KINDS: readonly Kind[] = ['base', 'tile'];

export type EncoderShape = { levels: number; grid: number; width: number; patch: number };
/**
 * An image's layout and hidden states `levels` [V,L,P,D]; as a reference at most `most` patches of each view kind
 * count, evenly spread (all where it is not given).
 */
export type EncodedImage = { layout: Layout; levels: Float32Array; most?: number };
/** One array for each of the levels that are used. */
export type ByLevel = readonly Float32Array[];

/**
 * Valid patches, normalised [n,D], and how far each is from the rest of its own view [n] (empty where the bundle does
 * not use it).
 */
export type Patches = { unit: ByLevel; within: ByLevel };
export type ViewPatches = Patches & { kind: Kind; extent: PatchExtent };

/** The patches of each view of an image. @throws EngineError `cancelled` */
export async function describeViews(
  image: EncodedImage,
  shape: EncoderShape,
  { levels, geometric }: ReferenceManifest,
  similarity: Similarity,
  signal?: AbortSignal,
): Promise<ViewPatches[]> {
  const extents = patchExtents(image.layout, shape);
  const described: ViewPatches[] = [];
  for (const [index, { kind }] of image.layout.views.entries()) {
    await checkpoint(signal);
    const extent = extents[index] ?? { columns: 0, rows: 0 };
    const unit = levels.map((level) => pooledPatches(image.levels, { view: index, level }, extent, shape, 0));
    const within: Float32Array[] = [];
    if (geometric !== undefined && extent.columns > 0) {
      const near = nearness(extent, geometric.radius);
      for (const patches of unit) {
        within.push(await similarity.within(patches, near));
      }
    }
    described.push({ kind, extent, unit, within });
  }
  return described;
}

/** At most `most` of the patches, evenly spread. */
export function thinPatches({ unit, within }: Patches, width: number, most: number): Patches {
  const count = (unit[0]?.length ?? 0) / width;
  if (count <= most) {
    return { unit, within };
  }
  const kept = evenly(count, most);
  return {
    unit: unit.map((patches) => pickRows(patches, kept, width)),
    within: within.map((distances) => pickRows(distances, kept, 1)),
  };
}

/** The patches of all views, one view after the other. */
export function joinViews(views: readonly Patches[]): Patches {
  const join = (parts: readonly ByLevel[]) =>
    (parts[0] ?? []).map((_, level) => concatenate(parts.map((part) => part[level] ?? new Float32Array(0))));
  return { unit: join(views.map(({ unit }) => unit)), within: join(views.map(({ within }) => within)) };
}
