import { checkpoint } from '@/lib/engine/checkpoint';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import { concatenate } from '@/lib/vision/concatenate';
import type { Layout, View } from '@/lib/vision/layout';
import { type PatchExtent, patchExtents, pooledPatches, topMean } from './patches';
import type { Similarity } from './similarity';

export type EncoderShape = { levels: number; grid: number; width: number; patch: number };
/** An image's layout and hidden states `levels` [V,L,P,D]. */
export type EncodedImage = { layout: Layout; levels: Float32Array };

type Kind = View['kind'];
/** What a normal image's distance looks like: the mean and the deviation over images. */
type Normal = { mean: number; deviation: number };
/** Normalised patches of one view: `patches[i]` [n,D] for the i-th used level. */
type ViewPatches = { kind: Kind; extent: PatchExtent; patches: Float32Array[] };

/** Patches kept per view kind and level: more are thinned out evenly, which bounds the time of one comparison. */
const MAX_BANK_PATCHES = 12_544;

function describeViews(image: EncodedImage, shape: EncoderShape, levels: readonly number[]): ViewPatches[] {
  const extents = patchExtents(image.layout, shape);
  return image.layout.views.map((view, index) => {
    const extent = extents[index] ?? { columns: 0, rows: 0 };
    const patches = levels.map((level) => pooledPatches(image.levels, { view: index, level }, extent, shape, 0));
    return { kind: view.kind, extent, patches };
  });
}

/** All patches of the views at the i-th used level, one after the other, thinned out evenly to the limit. */
function gather(views: readonly ViewPatches[], level: number, width: number): Float32Array {
  const parts = views.map((view) => view.patches[level] ?? new Float32Array(0));
  const total = parts.reduce((sum, part) => sum + part.length / width, 0);
  const stride = Math.max(1, total / MAX_BANK_PATCHES);
  const bank = new Float32Array(Math.min(total, MAX_BANK_PATCHES) * width);
  let [seen, kept] = [0, 0];
  for (const part of parts) {
    for (let offset = 0; offset < part.length; offset += width) {
      if (seen >= kept * stride && (kept + 1) * width <= bank.length) {
        bank.set(part.subarray(offset, offset + width), kept * width);
        kept += 1;
      }
      seen += 1;
    }
  }
  return bank;
}

/**
 * DSSL at inference (VMAD, section 3.2): normal patches find close matches among the patches of images known to be normal,
 * anomalous ones do not. Distances are taken per view kind (base or tile), averaged over levels, and standardised by what
 * the reference images' own patches have to each other (leave one out), shrunk to a prior that stands in when there are few.
 */
export class ReferenceBank {
  private constructor(
    private readonly references: ViewPatches[][],
    private readonly similarity: Similarity,
    private readonly shape: EncoderShape,
    private readonly settings: ReferenceManifest,
    private readonly normal: Map<Kind, Normal>,
    private readonly banks: Map<Kind, Float32Array[]>,
  ) {}

  /**
   * Builds the bank of at least one encoded reference image.
   * @throws EngineError `cancelled`
   */
  static async build(
    images: readonly EncodedImage[],
    similarity: Similarity,
    shape: EncoderShape,
    settings: ReferenceManifest,
    signal?: AbortSignal,
  ): Promise<ReferenceBank> {
    const references = images.map((image) => describeViews(image, shape, settings.levels));
    const bank = new ReferenceBank(references, similarity, shape, settings, new Map(), new Map());
    for (const kind of ['base', 'tile'] as const) {
      bank.banks.set(kind, bank.gatherKind(references, kind));
      bank.normal.set(kind, await bank.leaveOneOut(kind, signal));
    }
    return bank;
  }

  get size(): number {
    return this.references.length;
  }

  private gatherKind(references: readonly ViewPatches[][], kind: Kind): Float32Array[] {
    const views = references.flat().filter((view) => view.kind === kind);
    return this.settings.levels.map((_, level) => gather(views, level, this.shape.width));
  }

  /** Distances of one view's valid patches to a bank, averaged over the used levels. */
  private async viewDistances(view: ViewPatches, bank: readonly Float32Array[]): Promise<Float32Array> {
    const mean = new Float32Array(view.extent.columns * view.extent.rows);
    for (const [level, query] of view.patches.entries()) {
      const distances = await this.similarity.distances(query, bank[level] ?? new Float32Array(0));
      distances.forEach((distance, i) => {
        mean[i] = (mean[i] ?? 0) + distance / view.patches.length;
      });
    }
    return mean;
  }

  private async leaveOneOut(kind: Kind, signal: AbortSignal | undefined): Promise<Normal> {
    const scores: number[] = [];
    for (const [index, own] of this.references.entries()) {
      const views = own.filter((view) => view.kind === kind);
      const others = this.gatherKind(
        this.references.filter((_, other) => other !== index),
        kind,
      );
      if (views.length === 0 || others[0]?.length === 0) {
        continue;
      }
      const distances: Float32Array[] = [];
      for (const view of views) {
        await checkpoint(signal);
        distances.push(await this.viewDistances(view, others));
      }
      scores.push(topMean(concatenate(distances), this.settings.topFraction));
    }
    return shrinkToPrior(scores, this.settings);
  }

  /**
   * Compares an image with the references.
   * @returns `deviations` [V*P]: each patch's distance in standard deviations from a normal image's most distant patches
   *   (-Infinity where nothing can be said: padding, or a view kind that no reference has), and `score`, the same for the
   *   image: the mean of its top patches in the finest views that can be compared. Small defects show in tiles and drown in the base
   *   view, so that averaging both costs more than it gains (docs/benchmarks.md).
   */
  async compare(image: EncodedImage, signal?: AbortSignal): Promise<{ deviations: Float32Array; score: number }> {
    const { grid } = this.shape;
    const views = describeViews(image, this.shape, this.settings.levels);
    const deviations = new Float32Array(views.length * grid * grid).fill(-Infinity);
    const byKind = new Map<Kind, Float32Array[]>();
    for (const [index, view] of views.entries()) {
      await checkpoint(signal);
      const bank = this.banks.get(view.kind);
      const normal = this.normal.get(view.kind);
      if (normal === undefined || bank === undefined || bank[0]?.length === 0 || view.extent.columns === 0) {
        continue;
      }
      const distances = await this.viewDistances(view, bank);
      const standardised = distances.map((distance) => (distance - normal.mean) / normal.deviation);
      placePatches(deviations, index * grid * grid, grid, standardised, view.extent);
      byKind.set(view.kind, [...(byKind.get(view.kind) ?? []), standardised]);
    }
    const finest = byKind.get('tile') ?? byKind.get('base') ?? [];
    return { deviations, score: topMean(concatenate(finest), this.settings.topFraction) };
  }
}

function placePatches(
  target: Float32Array,
  offset: number,
  grid: number,
  values: Float32Array,
  { columns, rows }: PatchExtent,
): void {
  for (let row = 0; row < rows; row += 1) {
    target.set(values.subarray(row * columns, (row + 1) * columns), offset + row * grid);
  }
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
