import { concatenate } from '@/lib/vision/concatenate';
import { pickRows } from './bank-rows';
import { MUTUAL } from './mutual';
import { type PatchExtent, patchExtents, pooledPatches } from './patches';
import { type ByLevel, type EncodedImage, type EncoderShape, KINDS, type Kind } from './view-patches';

/** What an image of a set gives to be compared with: by view kind, for each of `MUTUAL.radii`, normalised patches [n,D] per level. */
export type SetMember = { sha256: string; kinds: ReadonlyMap<Kind, readonly ByLevel[]> };

/** A view's valid patches for each of the kind's neighbourhoods (`MUTUAL.radii`), normalised, per level: what members and images are compared by. */
export function neighbourhoods(
  { layout, levels }: EncodedImage,
  view: number,
  extent: PatchExtent,
  shape: EncoderShape,
): ByLevel[] {
  const { kind } = layout.views[view] ?? { kind: 'base' };
  return MUTUAL.radii[kind].map((radius) =>
    MUTUAL.levels.map((level) => pooledPatches(levels, { view, level }, extent, shape, radius)),
  );
}

/** Takes an image's part of a set's sample: the patches on a lattice, 196 of its base view and up to 49 of a tile. */
export function memberOf(image: EncodedImage & { sha256: string }, shape: EncoderShape): SetMember {
  const extents = patchExtents(image.layout, shape);
  const views = image.layout.views.map(({ kind }, index) => {
    const extent = extents[index] ?? { columns: 0, rows: 0 };
    const kept = lattice(extent, MUTUAL.steps[kind]);
    const all = neighbourhoods(image, index, extent, shape);
    return { kind, patches: all.map((byLevel) => byLevel.map((level) => pickRows(level, kept, shape.width))) };
  });
  const kinds = new Map<Kind, readonly ByLevel[]>();
  for (const kind of KINDS) {
    const parts = views.flatMap((view) => (view.kind === kind ? [view.patches] : []));
    const joined = (parts[0] ?? []).map((byLevel, radius) =>
      byLevel.map((_, level) => concatenate(parts.map((part) => part[radius]?.[level] ?? new Float32Array(0)))),
    );
    // Tiles may be too narrow for the lattice.
    if (joined.flat().some(({ length }) => length > 0)) {
      kinds.set(kind, joined);
    }
  }
  return { sha256: image.sha256, kinds };
}

/** Every `step`th valid patch either way, from the middle of the first step on. */
function lattice({ columns, rows }: PatchExtent, step: number): Int32Array {
  const first = Math.floor(step / 2);
  const kept: number[] = [];
  for (let row = first; row < rows; row += step) {
    for (let column = first; column < columns; column += step) {
      kept.push(row * columns + column);
    }
  }
  return Int32Array.from(kept);
}
