import { checkpoint } from '@/lib/engine/checkpoint';
import type { GeometricManifest, ReferenceManifest } from '@/lib/engine/manifest';
import { centred } from './patches';
import { type Moments, type Residual, fitResidual } from './residual';
import type { Similarity } from './similarity';
import type { ByLevel } from './view-patches';

/**
 * Leaving references out one by one takes long when there are many: at most so many parts of them are left out in turn.
 */
const FOLDS = 4;

/** What references have in common, per level: how to take it off other patches, and what is left of them. */
export class PatchResidual {
  constructor(
    private readonly similarity: Similarity,
    private readonly settings: GeometricManifest,
    /** Per level. */
    readonly fits: readonly Residual[],
  ) {}

  /** @param references per reference and level its moments. @throws EngineError `cancelled` */
  static async fit(
    references: readonly (readonly Moments[])[],
    similarity: Similarity,
    settings: GeometricManifest,
    signal?: AbortSignal,
  ): Promise<PatchResidual> {
    const fits: Residual[] = [];
    for (const level of (references[0] ?? []).keys()) {
      await checkpoint(signal);
      const parts = references.flatMap((moments) => moments[level] ?? []);
      fits.push(fitResidual(parts, settings.ridge));
    }
    return new PatchResidual(similarity, settings, fits);
  }

  /** Normalised patches [n,D] with a share of the references' mean taken off, normalised again. */
  centre(patches: ByLevel): ByLevel {
    const { centring } = this.settings;
    return patches.map((level, i) => centred(level, this.fits[i]?.mean ?? new Float32Array(0), centring));
  }

  /** The squared length of what the references leave unexplained of normalised patches [n,D]: [n]. */
  async lengths(patches: ByLevel): Promise<ByLevel> {
    const found: Float32Array[] = [];
    for (const [i, fit] of this.fits.entries()) {
      found.push(await this.similarity.residual(patches[i] ?? new Float32Array(0), fit));
    }
    return found;
  }
}

/** Of all references, and of those that one of them can be compared with. */
export type ReferenceResiduals = { all: PatchResidual; without: (index: number) => PatchResidual };

/**
 * Fits to the references' patches; undefined where the bundle does not use it.
 * @throws EngineError `cancelled`
 */
export async function fitReferences(
  references: readonly ByLevel[],
  similarity: Similarity,
  { geometric }: ReferenceManifest,
  signal?: AbortSignal,
): Promise<ReferenceResiduals | undefined> {
  if (geometric === undefined) {
    return undefined;
  }
  const moments: Moments[][] = [];
  for (const levels of references) {
    await checkpoint(signal);
    const ofReference: Moments[] = [];
    for (const patches of levels) {
      ofReference.push(await similarity.moments(patches));
    }
    moments.push(ofReference);
  }
  const all = await PatchResidual.fit(moments, similarity, geometric, signal);
  const folds = Math.min(FOLDS, references.length);
  const foldOf = (index: number) => Math.floor((index * folds) / references.length);
  const left: PatchResidual[] = [];
  for (let fold = 0; folds > 1 && fold < folds; fold += 1) {
    const others = moments.filter((_, index) => foldOf(index) !== fold);
    left.push(await PatchResidual.fit(others, similarity, geometric, signal));
  }
  return { all, without: (index) => left[foldOf(index)] ?? all };
}
