import { checkpoint } from '@/lib/engine/checkpoint';
import type { GeometricManifest, ReferenceManifest } from '@/lib/engine/manifest';
import { type PatchResidual, fitReferences } from './patch-residual';
import { topMean } from './patches';
import type { Nearest, Similarity } from './similarity';
import type { ByLevel, Patches } from './view-patches';

/** What a normal image's distance looks like: the mean and the deviation over images. */
export type Normal = { mean: number; deviation: number };

/** Patches kept per view kind and level: more are thinned out evenly, which bounds the time of one comparison. */
const MAX_BANK_PATCHES = 12_544;
/** The smallest factor of the geometric mean. */
const LEAST_DISTANCE = 1e-3;

/** A reference's patches in the bank: rows [start, end). */
type Range = { start: number; end: number };
/** Distances of patches, per level. `discounted`: the one to the nearest reference patch, less its discount. */
type Distances = { discounted: ByLevel; residual: ByLevel; within: ByLevel };

/**
 * The references' patches of one view kind (base view or tiles). A patch's distance is a weighted geometric mean (`calibration.reference.geometric`) of three: to the
 * nearest of them, less a share (`discount`) of what that one has itself to the other references (where normal images differ from each other, differing says
 * little); what of it their covariance leaves unexplained; and to the nearest patch of its own view. Only what is unusual in every way stays far.
 */
export class KindBank {
  private constructor(
    private readonly similarity: Similarity,
    private readonly settings: ReferenceManifest,
    private readonly residual: PatchResidual | undefined,
    private readonly bank: ByLevel,
    /** Distance of every bank patch to the other references, per level. */
    private readonly own: ByLevel,
    private readonly normal: Normal,
  ) {}

  /**
   * @param references per reference that has such views, its patches
   * @param width channels of a patch
   * @throws EngineError `cancelled`
   */
  static async build(
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
    const bank = settings.levels.map((_, level) =>
      gather(
        parts.map((patches) => patches[level] ?? new Float32Array(0)),
        rows,
        width,
      ),
    );
    const own = bank.map((patches) => new Float32Array(patches.length / width).fill(settings.priorOwn));
    if (references.length < 2) {
      return new KindBank(similarity, settings, residuals?.all, bank, own, shrinkToPrior([], settings));
    }
    const apart: Nearest[][] = [];
    for (const [index, patches] of parts.entries()) {
      const found: Nearest[] = [];
      for (const [level, query] of patches.entries()) {
        await checkpoint(signal);
        found.push(await similarity.nearest(query, without(bank[level] ?? query, ranges[index], width)));
      }
      apart.push(found);
    }
    for (const [index, range] of ranges.entries()) {
      for (const [level, target] of own.entries()) {
        const distances = apart[index]?.[level]?.distances;
        rows.slice(range.start, range.end).forEach(({ row }, i) => {
          target[range.start + i] = distances?.[row] ?? settings.priorOwn;
        });
      }
    }
    const scores: number[] = [];
    for (const [index, { unit, within }] of references.entries()) {
      const others = own.map((values) => without(values, ranges[index], 1));
      const discounted = discount(apart[index] ?? [], others, settings);
      const residual = (await residuals?.without(index).lengths(unit)) ?? [];
      scores.push(topMean(combine({ discounted, residual, within }, settings), settings.topFraction));
    }
    return new KindBank(similarity, settings, residuals?.all, bank, own, shrinkToPrior(scores, settings));
  }

  /** How far each patch of a view is from what is normal, in standard deviations from a normal image's most distant patches: [n]. */
  async deviations({ unit, within }: Patches): Promise<Float32Array> {
    const found: Nearest[] = [];
    for (const [level, query] of (this.residual?.centre(unit) ?? unit).entries()) {
      found.push(await this.similarity.nearest(query, this.bank[level] ?? new Float32Array(0)));
    }
    const discounted = discount(found, this.own, this.settings);
    const residual = (await this.residual?.lengths(unit)) ?? [];
    const { mean, deviation } = this.normal;
    return combine({ discounted, residual, within }, this.settings).map((distance) => (distance - mean) / deviation);
  }
}

/** Distances less the share of what the nearest patch has itself to the other references. */
function discount(found: readonly Nearest[], own: ByLevel, settings: Pick<ReferenceManifest, 'discount'>): ByLevel {
  return found.map(({ distances, indices }, level) =>
    distances.map((distance, i) => distance - settings.discount * (own[level]?.[indices[i] ?? 0] ?? 0)),
  );
}

/** The mean over levels, of the geometric mean where the bundle has one. */
function combine({ discounted, residual, within }: Distances, { geometric }: ReferenceManifest): Float32Array {
  const mean = new Float32Array(discounted[0]?.length ?? 0);
  for (const [level, distances] of discounted.entries()) {
    const [left, apart] = [residual[level], within[level]];
    for (const [i, distance] of distances.entries()) {
      mean[i] = (mean[i] ?? 0) + geometricMean(distance, left?.[i], apart?.[i], geometric) / discounted.length;
    }
  }
  return mean;
}

function geometricMean(
  nearest: number,
  residual: number | undefined,
  within: number | undefined,
  weights: GeometricManifest | undefined,
): number {
  if (weights === undefined || residual === undefined || within === undefined) {
    return nearest;
  }
  const { residualWeight, withinWeight } = weights;
  const log = (value: number) => Math.log(Math.max(LEAST_DISTANCE, value));
  return Math.exp(
    (1 - residualWeight - withinWeight) * log(nearest) + residualWeight * log(residual) + withinWeight * log(within),
  );
}

/** Which patches (`row` of which reference) stay in the bank, evenly spread, and where each reference's are. */
function thinOut(counts: readonly number[]): { rows: { reference: number; row: number }[]; ranges: Range[] } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const kept = Math.min(total, MAX_BANK_PATCHES);
  const rows: { reference: number; row: number }[] = [];
  const ranges: Range[] = [];
  let first = 0;
  for (const [reference, count] of counts.entries()) {
    const start = rows.length;
    let at = Math.floor((rows.length * total) / kept);
    while (at < first + count && rows.length < kept) {
      rows.push({ reference, row: at - first });
      at = Math.floor((rows.length * total) / kept);
    }
    ranges.push({ start, end: rows.length });
    first += count;
  }
  return { rows, ranges };
}

function gather(
  references: readonly Float32Array[],
  rows: readonly { reference: number; row: number }[],
  width: number,
): Float32Array {
  const out = new Float32Array(rows.length * width);
  for (const [index, { reference, row }] of rows.entries()) {
    out.set(references[reference]?.subarray(row * width, (row + 1) * width) ?? [], index * width);
  }
  return out;
}

/** The values without those of one reference; `width` values make a row. */
function without(values: Float32Array, { start, end }: Range = { start: 0, end: 0 }, width: number): Float32Array {
  const out = new Float32Array(values.length - (end - start) * width);
  out.set(values.subarray(0, start * width));
  out.set(values.subarray(end * width), start * width);
  return out;
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
