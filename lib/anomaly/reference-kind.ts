import { checkpoint } from '@/lib/engine/checkpoint';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import { concatenate } from '@/lib/vision/concatenate';
import { type BankRow, type Range, gather, thinOut, without } from './bank-rows';
import { combine, discount, lessMean } from './patch-distance';
import { PatchResidual, type ReferenceResiduals, fitReferences } from './patch-residual';
import { topMean } from './patches';
import type { Residual } from './residual';
import type { Nearest, Similarity } from './similarity';
import type { ByLevel, Kind, Patches } from './view-patches';

/** What a normal image's distance looks like: the mean and the deviation over images. */
export type Normal = { mean: number; deviation: number };

/**
 * What a bank that was built consists of, to be stored; the patches that it compares with are `rows` of the
 * references'.
 */
export type KindBankState = {
  fits: readonly Residual[] | undefined;
  rows: readonly BankRow[];
  /** Distance of every bank patch to the other references, per level. */
  own: ByLevel;
  normal: Normal;
  /** The score of each reference beside the others; empty of a single one. */
  leftOut: readonly number[];
};

/**
 * The references' patches of one view kind (base view or tiles). A patch's distance is a weighted geometric mean
 * (`calibration.reference.geometric`) of three: to the nearest of them, less a share (`discount`) of what that one has
 * itself to the other references (where normal images differ from each other, differing says little); what of it their
 * covariance leaves unexplained; and to the nearest patch of its own view. Only what is unusual in every way stays far.
 */
export class KindBank {
  private constructor(
    private readonly similarity: Similarity,
    private readonly settings: ReferenceManifest,
    private readonly residual: PatchResidual | undefined,
    private readonly bank: ByLevel,
    private readonly stored: KindBankState,
  ) {}

  /**
   * @param kind of which views
   * @param references per reference that has such views, its patches
   * @param width channels of a patch
   * @throws EngineError `cancelled`
   */
  static async build(
    kind: Kind,
    references: readonly Patches[],
    width: number,
    similarity: Similarity,
    settings: ReferenceManifest,
    signal?: AbortSignal,
  ): Promise<KindBank> {
    const units = references.map(({ unit }) => unit);
    const residuals = await fitReferences(units, similarity, settings, signal);
    const parts = units.map((unit) => residuals?.all.centre(unit) ?? unit);
    const { rows, ranges } = thinOut(parts.map((patches) => (patches[0]?.length ?? 0) / width));
    const bank = bankOf(parts, rows, width, settings);
    const apart = await compareEach(parts, bank, ranges, width, similarity, signal);
    const own = ownDistances(apart, rows, settings);
    const leftOut = await leaveOut(kind, references, apart, own, ranges, residuals, settings);
    const normal = shrinkToPrior(leftOut, settings);
    return new KindBank(similarity, settings, residuals?.all, bank, {
      fits: residuals?.all.fits,
      rows,
      own,
      normal,
      leftOut,
    });
  }

  /** The bank that `state` tells of. `bank`: the patches of its rows per level, as they were given to `build`. */
  static restore(bank: ByLevel, similarity: Similarity, settings: ReferenceManifest, state: KindBankState): KindBank {
    const { geometric } = settings;
    const residual =
      geometric === undefined || state.fits === undefined
        ? undefined
        : new PatchResidual(similarity, geometric, state.fits);
    return new KindBank(similarity, settings, residual, residual?.centre(bank) ?? bank, state);
  }

  get state(): KindBankState {
    return this.stored;
  }

  /** The distance of each patch of a view to the references, [n]. */
  async distances({ unit, within }: Patches): Promise<Float32Array> {
    const found: Nearest[] = [];
    for (const [level, query] of (this.residual?.centre(unit) ?? unit).entries()) {
      found.push(await this.similarity.nearest(query, this.bank[level] ?? new Float32Array(0)));
    }
    const discounted = discount(found, this.stored.own, this.settings);
    const residual = (await this.residual?.lengths(unit)) ?? [];
    return combine({ discounted, residual, within }, this.settings);
  }

  /**
   * How far the patches of an image's views are from what is normal, in standard deviations from a normal image's most
   * distant patches; `views`: what `distances` gives for each.
   */
  deviations(views: readonly Float32Array[]): Float32Array[] {
    const { mean, deviation } = this.stored.normal;
    return lessMean(views, this.settings.meanShare).map((distances) =>
      distances.map((distance) => (distance - mean) / deviation),
    );
  }
}

/** The patches that images are compared with, per level. */
function bankOf(
  parts: readonly ByLevel[],
  rows: readonly BankRow[],
  width: number,
  { levels }: ReferenceManifest,
): ByLevel {
  return levels.map((_, level) =>
    gather(
      parts.map((patches) => patches[level] ?? new Float32Array(0)),
      rows,
      width,
    ),
  );
}

/** Per reference and level, its patches' nearest ones among the others'; nothing where there are no others. */
async function compareEach(
  parts: readonly ByLevel[],
  bank: ByLevel,
  ranges: readonly Range[],
  width: number,
  similarity: Similarity,
  signal: AbortSignal | undefined,
): Promise<Nearest[][]> {
  const apart: Nearest[][] = [];
  for (const [index, patches] of parts.length > 1 ? parts.entries() : []) {
    const found: Nearest[] = [];
    for (const [level, query] of patches.entries()) {
      await checkpoint(signal);
      found.push(await similarity.nearest(query, without(bank[level] ?? query, ranges[index], width)));
    }
    apart.push(found);
  }
  return apart;
}

/** The distance of every bank patch to the other references, per level. */
function ownDistances(
  apart: readonly (readonly Nearest[])[],
  rows: readonly BankRow[],
  { levels, priorOwn }: ReferenceManifest,
): ByLevel {
  return levels.map((_, level) =>
    Float32Array.from(rows, ({ reference, row }) => apart[reference]?.[level]?.distances[row] ?? priorOwn),
  );
}

/** The score of each reference beside the others. */
async function leaveOut(
  kind: Kind,
  references: readonly Patches[],
  apart: readonly (readonly Nearest[])[],
  own: ByLevel,
  ranges: readonly Range[],
  residuals: ReferenceResiduals | undefined,
  settings: ReferenceManifest,
): Promise<number[]> {
  const scores: number[] = [];
  for (const [index, nearest] of apart.entries()) {
    const { unit, within } = references[index] ?? { unit: [], within: [] };
    const others = own.map((values) => without(values, ranges[index], 1));
    const discounted = discount(nearest, others, settings);
    const residual = (await residuals?.without(index).lengths(unit)) ?? [];
    const left = lessMean([combine({ discounted, residual, within }, settings)], settings.meanShare);
    scores.push(topMean(concatenate(left), settings.topFraction[kind]));
  }
  return scores;
}

/** The middle one of the values; 0 of none. */
export function median(values: Float32Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)] ?? 0;
}

/** Mean and deviation of the scores, with the prior counting as `priorCount` further ones. */
export function shrinkToPrior(
  scores: readonly number[],
  { priorMean, priorDeviation, priorCount }: Pick<ReferenceManifest, 'priorMean' | 'priorDeviation' | 'priorCount'>,
): Normal {
  const total = scores.length + priorCount;
  const mean = (scores.reduce((sum, score) => sum + score, 0) + priorMean * priorCount) / total;
  const own = scores.length > 0 ? scores.reduce((sum, score) => sum + score, 0) / scores.length : priorMean;
  const squares = scores.reduce((sum, score) => sum + (score - own) ** 2, 0);
  return { mean, deviation: Math.sqrt((squares + priorDeviation ** 2 * priorCount) / total) };
}
