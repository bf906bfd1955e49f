import { concatenate } from '@/lib/vision/concatenate';
import { pickRows } from './bank-rows';
import { MUTUAL } from './mutual';
import { type PatchExtent, patchExtents, pooledPatches } from './patches';
import { type ByLevel, type EncodedImage, type EncoderShape, KINDS, type Kind } from './view-patches';

/**
 * Patches of one view kind, normalised, [n,D] per level: `own` as they are, `compared` averaged over the kind's
 * neighbourhood (`MUTUAL.radius`).
 */
export type MemberPatches = { own: ByLevel; compared: ByLevel };
/** What an image of a set gives to be compared with, by view kind. */
export type SetMember = { sha256: string; kinds: ReadonlyMap<Kind, MemberPatches> };

/** A view's valid patches averaged over `radius`, normalised, per level. */
export function pooled(
  { levels }: EncodedImage,
  view: number,
  extent: PatchExtent,
  shape: EncoderShape,
  radius: number,
): ByLevel {
  return MUTUAL.levels.map((level) => pooledPatches(levels, { view, level }, extent, shape, radius));
}

/** Takes an image's part of a set's sample: the patches on a lattice, 196 of its base view and up to 49 of a tile. */
export function memberOf(image: EncodedImage & { sha256: string }, shape: EncoderShape): SetMember {
  const extents = patchExtents(image.layout, shape);
  const views = image.layout.views.map(({ kind }, index) => {
    const extent = extents[index] ?? { columns: 0, rows: 0 };
    const kept = lattice(extent, MUTUAL.steps[kind]);
    const thinned = (radius: number) =>
      pooled(image, index, extent, shape, radius).map((level) => pickRows(level, kept, shape.width));
    const own = thinned(0);
    return { kind, own, compared: MUTUAL.radius[kind] === 0 ? own : thinned(MUTUAL.radius[kind]) };
  });
  const kinds = new Map<Kind, MemberPatches>();
  for (const kind of KINDS) {
    const parts = views.filter((view) => view.kind === kind);
    const join = (of: 'own' | 'compared'): ByLevel =>
      MUTUAL.levels.map((_, level) => concatenate(parts.map((part) => part[of][level] ?? new Float32Array(0))));
    const own = join('own');
    // Tiles may be too narrow for the lattice.
    if (own.some(({ length }) => length > 0)) {
      kinds.set(kind, { own, compared: MUTUAL.radius[kind] === 0 ? own : join('compared') });
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
