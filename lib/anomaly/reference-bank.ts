import { checkpoint } from '@/lib/engine/checkpoint';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import { concatenate } from '@/lib/vision/concatenate';
import { pickRows } from './bank-rows';
import type { Comparison } from './fusion';
import { placePatches, topMean } from './patches';
import { type PartArea, keptPatches } from './part-area';
import { KindBank, median } from './reference-kind';
import type { Similarity } from './similarity';
import type { Basis } from '@/lib/contract/verdict';
import {
  type EncodedImage,
  type EncoderShape,
  KINDS,
  type Kind,
  type Patches,
  describeViews,
  joinViews,
  thinPatches,
} from './view-patches';

/**
 * DSSL at inference (VMAD, section 3.2): normal patches find close matches among the patches of images known to be
 * normal, anomalous ones do not. Base views are compared with base views and tiles with tiles (`KindBank`); distances
 * are averaged over levels and standardised by what the reference images' own patches have to each other (leave one
 * out), shrunk to a prior that stands in when there are few.
 */
export class ReferenceBank {
  constructor(
    readonly size: number,
    private readonly similarity: Similarity,
    private readonly shape: EncoderShape,
    private readonly settings: ReferenceManifest,
    readonly kinds: ReadonlyMap<Kind, KindBank>,
  ) {}

  /**
   * Builds the bank of at least one encoded reference image; each is let go of when its patches are taken.
   * @throws EngineError `cancelled`
   */
  static async build(
    images: Iterable<EncodedImage> | AsyncIterable<EncodedImage>,
    similarity: Similarity,
    shape: EncoderShape,
    settings: ReferenceManifest,
    signal?: AbortSignal,
  ): Promise<ReferenceBank> {
    const references: ReadonlyMap<Kind, Patches>[] = [];
    for await (const image of images) {
      const views = await describeViews(image, shape, settings, similarity, signal);
      const byKind = new Map<Kind, Patches>();
      for (const kind of KINDS) {
        const found = views.filter((view) => view.kind === kind);
        if (found.length > 0) {
          byKind.set(kind, thinPatches(joinViews(found), shape.width, image.most ?? Infinity));
        }
      }
      references.push(byKind);
    }
    const kinds = new Map<Kind, KindBank>();
    for (const kind of KINDS) {
      const parts = references.flatMap((byKind) => byKind.get(kind) ?? []);
      if (parts.length > 0) {
        kinds.set(kind, await KindBank.build(kind, parts, shape.width, similarity, settings, signal));
      }
    }
    return new ReferenceBank(references.length, similarity, shape, settings, kinds);
  }

  get basis(): Basis {
    return { kind: 'references', count: this.size };
  }

  /**
   * Compares an image with the references.
   * @returns `deviations` [V*P]: each patch's distance in standard deviations from a normal image's most distant
   *   patches
   *   (-Infinity where nothing can be said: padding, or a view kind that no reference has), and `score`, the same for
   * the
   *   image: the mean of its top patches, averaged over the base view and the tiles (docs/benchmarks.md).
   * @param area what of the image counts; the rest of it has no deviations, and weighs in nothing
   */
  async compare(image: EncodedImage, signal?: AbortSignal, area?: PartArea): Promise<Comparison> {
    const { grid } = this.shape;
    const views = await describeViews(image, this.shape, this.settings, this.similarity, signal);
    const deviations = new Float32Array(views.length * grid * grid).fill(-Infinity);
    const kept = area === undefined ? undefined : keptPatches(image.layout, this.shape, area);
    const scores: number[] = [];
    let typical: number | undefined;
    for (const [kind, bank] of this.kinds) {
      const distances: Float32Array[] = [];
      const shown = [...views.entries()].filter(([, view]) => view.kind === kind && view.extent.columns > 0);
      for (const [, view] of shown) {
        await checkpoint(signal);
        distances.push(await bank.distances(view));
      }
      const places = shown.map(([index], at) => countedPatches(distances[at]?.length ?? 0, kept?.[index]));
      const counted = distances.map((values, at) => pickRows(values, places[at] ?? new Int32Array(0), 1));
      const found = bank.deviations(counted);
      for (const [at, [index, { extent }]] of shown.entries()) {
        const values = new Float32Array(extent.columns * extent.rows).fill(-Infinity);
        places[at]?.forEach((patch, i) => (values[patch] = found[at]?.[i] ?? -Infinity));
        placePatches(deviations, index * grid * grid, grid, values, extent);
      }
      const together = concatenate(found);
      if (together.length > 0) {
        scores.push(topMean(together, this.settings.topFraction[kind]));
        typical = kind === 'base' ? median(concatenate(counted)) : typical;
      }
    }
    const score = scores.reduce((sum, each) => sum + each, 0) / Math.max(1, scores.length);
    return { references: this.size, deviations, score, ...(typical !== undefined && { typical }) };
  }
}

/** Which patches of a view count: all, or those that are 1 in `kept`. */
function countedPatches(count: number, kept: Uint8Array | undefined): Int32Array {
  return Int32Array.from({ length: count }, (_, patch) => patch).filter((patch) => kept?.[patch] !== 0);
}
