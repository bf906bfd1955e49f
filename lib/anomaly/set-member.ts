import { concatenate } from '@/lib/vision/concatenate';
import { pickRows } from './bank-rows';
import { MUTUAL } from './mutual';
import { type PatchExtent, patchExtents, pooledPatches } from './patches';
import { type ByLevel, type EncodedImage, type EncoderShape, KINDS, type Kind } from './view-patches';

/** What an image of a set gives to be compared with: by view kind, for each of `MUTUAL.radii`, normalised patches [n,D] per level. */
export type SetMember = { sha256: string; kinds: ReadonlyMap<Kind, readonly ByLevel[]> };

/** Takes an image's part of a set's sample: of every view the patches on a lattice, 196 or fewer a view. */
export function memberOf(image: EncodedImage & { sha256: string }, shape: EncoderShape): SetMember {
  const extents = patchExtents(image.layout, shape);
  const kinds = new Map<Kind, readonly ByLevel[]>();
  for (const kind of KINDS) {
    const views = image.layout.views.flatMap((view, index) => (view.kind === kind ? [index] : []));
    const patches = MUTUAL.radii[kind].map((radius) =>
      MUTUAL.levels.map((level) =>
        concatenate(
          views.map((view) => {
            const extent = extents[view] ?? { columns: 0, rows: 0 };
            const all = pooledPatches(image.levels, { view, level }, extent, shape, radius);
            return pickRows(all, lattice(extent, MUTUAL.steps[kind]), shape.width);
          }),
        ),
      ),
    );
    if (patches.flat().every(({ length }) => length > 0)) {
      kinds.set(kind, patches);
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
