import { EngineError } from '@/lib/engine/errors';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import { concatenate } from '@/lib/vision/concatenate';
import type { Comparer } from './comparer';
import type { Comparison } from './fusion';
import { MUTUAL } from './mutual';
import { lessMean } from './patch-distance';
import { type PatchExtent, placePatches, topMean } from './patches';
import { type Normal, shrinkToPrior } from './reference-kind';
import { SetKind } from './set-kind';
import { type SetMember, pooled } from './set-member';
import type { Basis } from '@/lib/contract/verdict';
import type { Similarity } from './similarity';
import { type EncodedImage, type EncoderShape, KINDS, type Kind, describeViews } from './view-patches';

/** Images of a set that the others are compared with. Each costs up to 3 MB with the mini bundle. */
export const MAX_SET_BANK = 32;

type Hashed = EncodedImage & { sha256: string };
type ViewDistances = { kind: Kind; extent: PatchExtent; distances: Float32Array | undefined };
/** The distances of an image's patches to the members, before they are standardised. */
export type Measured = { sha256: string; views: ViewDistances[] };

/**
 * Mutual scoring of a set that does not fit in memory (DSSL among unmarked samples, VMAD section 3.2): a sample of the
 * set stays in memory, and each image is compared with it, itself left out. Base views are compared with base views and
 * tiles with tiles (`SetKind`). Distances are standardised by those of the sample's own images, of which the most
 * distant quarter is not counted. It is built in short steps, so that others can be answered in between: `add` each
 * member, then `take` what `measure` gives for each.
 */
export class SetBank implements Comparer {
  private readonly settings: ReferenceManifest;
  private readonly members = new Map<string, SetMember>();
  private readonly measured = new Map<string, Measured>();
  private kinds: Promise<ReadonlyMap<Kind, SetKind>> | undefined;
  private normal: ReadonlyMap<Kind, Normal> | undefined;

  constructor(
    private readonly similarity: Similarity,
    private readonly shape: EncoderShape,
    settings: ReferenceManifest,
  ) {
    this.settings = { ...settings, levels: [...MUTUAL.levels] };
  }

  get size(): number {
    return this.members.size;
  }

  get basis(): Basis {
    return { kind: 'set', count: this.size };
  }

  /** Whether all members are measured: then images can be compared. */
  get isReady(): boolean {
    return this.members.size > 1 && this.measured.size === this.members.size;
  }

  /**
   * Adds what `memberOf` gives; the same image again changes nothing. @throws EngineError `invalid_request` when the
   * bank is full, or members were measured already
   */
  add(member: SetMember): void {
    if (this.kinds !== undefined) {
      throw new EngineError('invalid_request', 'The members of the set are measured already: begin again.');
    }
    if (this.members.size >= MAX_SET_BANK && !this.members.has(member.sha256)) {
      throw new EngineError('invalid_request', `A set is compared with at most ${MAX_SET_BANK} of its images.`);
    }
    this.members.set(member.sha256, member);
  }

  /**
   * Compares an image with the members, itself left out. @throws EngineError `invalid_request` for fewer than two
   * members, `cancelled`
   */
  async measure(image: Hashed, signal?: AbortSignal): Promise<Measured> {
    this.requireTwo();
    this.kinds ??= this.buildKinds();
    const kinds = await this.kinds;
    const views: ViewDistances[] = [];
    const described = await describeViews(image, this.shape, this.settings, this.similarity, signal);
    for (const [index, view] of described.entries()) {
      const { kind, extent } = view;
      const others = extent.columns > 0 ? kinds.get(kind) : undefined;
      const compared = pooled(image, index, extent, this.shape, MUTUAL.radius[kind]);
      views.push({ kind, extent, distances: await others?.distances(view, compared, image.sha256, signal) });
    }
    return { sha256: image.sha256, views };
  }

  /** Takes what was measured of a member, here or by a bank of the same members. */
  take(measured: Measured): void {
    if (this.members.has(measured.sha256)) {
      this.measured.set(measured.sha256, measured);
    }
  }

  /**
   * @returns as of `ReferenceBank.compare`
   * @throws EngineError `invalid_request` unless `isReady`, `cancelled`
   */
  async compare(image: Hashed, signal?: AbortSignal): Promise<Comparison> {
    this.requireTwo();
    if (!this.isReady) {
      throw new EngineError('invalid_request', 'The members of the set are not all measured.');
    }
    this.normal ??= this.normals();
    const { grid } = this.shape;
    const { views } = this.measured.get(image.sha256) ?? (await this.measure(image, signal));
    const deviations = new Float32Array(views.length * grid * grid).fill(-Infinity);
    const scores: number[] = [];
    for (const [kind, { mean, deviation }] of this.normal) {
      const standardised = distancesOf(views, kind).map(({ index, extent, distances }) => {
        const found = distances.map((distance) => (distance - mean) / deviation);
        placePatches(deviations, index * grid * grid, grid, found, extent);
        return found;
      });
      if (standardised.length > 0) {
        scores.push(topMean(concatenate(standardised), MUTUAL.topFraction));
      }
    }
    const score = scores.reduce((sum, each) => sum + each, 0) / Math.max(1, scores.length);
    return { references: this.size, deviations, score };
  }

  private requireTwo(): void {
    if (this.members.size < 2) {
      throw new EngineError('invalid_request', 'Mutual scoring compares images with each other: give at least two.');
    }
  }

  /** A kind that fewer than two members have compares nothing. */
  private async buildKinds(): Promise<ReadonlyMap<Kind, SetKind>> {
    const kinds = new Map<Kind, SetKind>();
    for (const kind of KINDS) {
      const members = [...this.members.values()].flatMap(({ sha256, kinds: own }) => {
        const patches = own.get(kind);
        return patches === undefined ? [] : [{ sha256, ...patches }];
      });
      if (members.length > 1) {
        kinds.set(kind, await SetKind.build(members, this.similarity, this.settings));
      }
    }
    return kinds;
  }

  private normals(): ReadonlyMap<Kind, Normal> {
    const normals = new Map<Kind, Normal>();
    for (const kind of KINDS) {
      const scores = [...this.measured.values()].flatMap(({ views }) => {
        const parts = distancesOf(views, kind).map(({ distances }) => distances);
        return parts.length > 0 ? [topMean(concatenate(parts), MUTUAL.topFraction)] : [];
      });
      if (scores.length > 0) {
        const least = scores
          .sort((a, b) => a - b)
          .slice(0, Math.max(2, Math.ceil(scores.length * MUTUAL.likelyNormal)));
        normals.set(kind, shrinkToPrior(least, MUTUAL));
      }
    }
    return normals;
  }
}

/** An image's views of one kind that were compared, their distances less the share of their mean. */
function distancesOf(views: readonly ViewDistances[], kind: Kind) {
  const own = views.flatMap(({ kind: of, extent, distances }, index) =>
    of === kind && distances !== undefined ? [{ index, extent, distances }] : [],
  );
  const left = lessMean(
    own.map(({ distances }) => distances),
    MUTUAL.meanShare,
  );
  return own.map((view, at) => ({ ...view, distances: left[at] ?? view.distances }));
}
