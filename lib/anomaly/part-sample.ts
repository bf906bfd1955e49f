import { deriveSeed, seededRandom } from '@/lib/common/random';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import { evenly, pickRows } from './bank-rows';
import { type PartArea, keptPatches } from './part-area';
import { pickBytes, quantise, unitRows } from './quantised';
import type { Similarity } from './similarity';
import {
  type EncodedImage,
  type EncoderShape,
  KINDS,
  type Kind,
  type Patches,
  describeViews,
  joinViews,
} from './view-patches';

/** Patches kept of all samples of a part together, per view kind: bounds the bank's file (25 MB per kind). */
export const MAX_SAMPLE_PATCHES = 16_384;

/** Patches of one view kind as they are kept: per level `unit` [n,D] in bytes and `within` [n]. */
export type KeptPatches = { unit: readonly Int8Array[]; within: readonly Float32Array[] };

/** What of a sample's patches is kept: at most `most` of a view kind, within `area`, from `phase` on (`phaseOf`). */
export type KeepOptions = {
  area?: PartArea | undefined;
  most: number;
  phase?: number | undefined;
  signal?: AbortSignal | undefined;
};

/** What is kept of a golden sample. */
export type PartSample = {
  /** The caller's name for it: its content, and how it is read. */
  key: string;
  /** The expert's score before calibration, 0..1. */
  rawScore: number;
  kinds: ReadonlyMap<Kind, KeptPatches>;
  /** Global descriptors [D] of its base view: as given, then turned and scaled. */
  looks: readonly Float32Array[];
};

/**
 * Where in each step a sample's patches are kept, 0 to below 1: elsewhere in every sample. Kept at the same places of
 * all, they would find each other nearer than an image of which all patches are compared, and samples would score lower
 * beside each other than good parts do.
 */
export const phaseOf = (key: string): number => seededRandom(deriveSeed(0, key))();

/**
 * What is kept of an encoded sample's patches: at most `most` of each view kind, evenly spread over what counts.
 * @throws EngineError `cancelled`
 */
export async function keepPatches(
  image: EncodedImage,
  { shape, settings, similarity }: { shape: EncoderShape; settings: ReferenceManifest; similarity: Similarity },
  { area, most, phase, signal }: KeepOptions,
): Promise<ReadonlyMap<Kind, KeptPatches>> {
  const views = await describeViews(image, shape, settings, similarity, signal);
  const counts = area === undefined ? undefined : keptPatches(image.layout, shape, area);
  const kinds = new Map<Kind, KeptPatches>();
  for (const kind of KINDS) {
    const found = [...views.entries()].filter(([, view]) => view.kind === kind);
    if (found.length === 0) {
      continue;
    }
    const { unit, within } = joinViews(found.map(([, view]) => view));
    const flags = counts === undefined ? undefined : found.flatMap(([index]) => [...(counts[index] ?? [])]);
    const total = (unit[0]?.length ?? 0) / shape.width;
    const counted = Int32Array.from({ length: total }, (_, row) => row).filter((row) => flags?.[row] !== 0);
    const rows = Int32Array.from(evenly(counted.length, most, phase), (at) => counted[at] ?? 0);
    kinds.set(kind, {
      unit: unit.map((level) => quantise(pickRows(level, rows, shape.width), shape.width)),
      within: within.map((level) => pickRows(level, rows, 1)),
    });
  }
  return kinds;
}

/** A sample with at most `most` patches of each view kind. */
export function thinSample(sample: PartSample, width: number, most: number): PartSample {
  const kinds = new Map<Kind, KeptPatches>();
  for (const [kind, { unit, within }] of sample.kinds) {
    const count = (unit[0]?.length ?? 0) / width;
    const rows = evenly(count, most, phaseOf(sample.key));
    kinds.set(
      kind,
      count <= most
        ? { unit, within }
        : {
            unit: unit.map((level) => pickBytes(level, rows, width)),
            within: within.map((level) => pickRows(level, rows, 1)),
          },
    );
  }
  return { ...sample, kinds };
}

/** Kept patches as comparisons take them. */
export function toPatches({ unit, within }: KeptPatches, width: number): Patches {
  return { unit: unit.map((level) => unitRows(level, width)), within };
}
