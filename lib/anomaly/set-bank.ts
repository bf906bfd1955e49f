import { checkpoint } from '@/lib/engine/checkpoint';
import { EngineError } from '@/lib/engine/errors';
import type { Comparer } from './comparer';
import type { Comparison } from './fusion';
import { MUTUAL, lowestMean } from './mutual';
import { patchExtents, pooledPatches, topMean } from './patches';
import type { EncodedImage, EncoderShape } from './view-patches';
import { shrinkToPrior } from './reference-kind';
import type { Similarity } from './similarity';

/** Images of a set that the others are compared with. Each costs 0.3 MB and about 2 ms per comparison with the mini bundle. */
export const MAX_SET_BANK = 48;
/** Every second patch each way of a member is kept: pooled with its neighbours, it stands for them. */
const STEP = 2;

type Hashed = EncodedImage & { sha256: string };
type Member = { sha256: string; patches: Float32Array; own: Float32Array };

/**
 * Mutual scoring of a set that does not fit in memory (DSSL among unmarked samples, VMAD section 3.2): a sample of the set stays in memory, and each image is
 * compared with it, itself left out. As in `scoreMutually` a patch's distance is the mean of its lowest ones, so that a few anomalous images in the sample do no harm.
 * Distances are standardised by those of the sample's own images, of which the most distant quarter is not counted. It is built in short steps, so that others can be
 * answered in between: `add` each image, then `measure` each.
 */
export class SetBank implements Comparer {
  private readonly members: Member[] = [];
  private readonly scores: number[] = [];

  constructor(
    private readonly similarity: Similarity,
    private readonly shape: EncoderShape,
  ) {}

  get size(): number {
    return this.members.length;
  }

  /** @throws EngineError `invalid_request` when the bank is full */
  add(image: Hashed): void {
    if (this.members.length >= MAX_SET_BANK) {
      throw new EngineError('invalid_request', `A set is compared with at most ${MAX_SET_BANK} of its images.`);
    }
    const own = basePatches(image, this.shape);
    this.members.push({ sha256: image.sha256, own, patches: thinOut(own, this.shape) });
  }

  /** Compares a member with the others. Once all are measured, images can be compared. */
  async measure(index: number, signal?: AbortSignal): Promise<void> {
    const member = this.members[index];
    if (member === undefined || this.members.length < 2) {
      throw new EngineError('invalid_request', 'Mutual scoring compares images with each other: give at least two.');
    }
    const distances = await this.distances(member.own, member.sha256, signal);
    this.scores[index] = topMean(distances, MUTUAL.topFraction);
    member.own = new Float32Array(0);
  }

  /** Whether all members are measured. */
  get isReady(): boolean {
    return this.members.length > 1 && this.members.every((_, index) => this.scores[index] !== undefined);
  }

  async compare(image: Hashed, signal?: AbortSignal): Promise<Comparison> {
    const distances = await this.distances(basePatches(image, this.shape), image.sha256, signal);
    const likelyNormal = [...this.scores].sort((a, b) => a - b).slice(0, Math.max(2, Math.ceil(this.size * 0.75)));
    const normal = shrinkToPrior(likelyNormal, MUTUAL);
    const deviations = new Float32Array(image.layout.views.length * this.shape.grid ** 2).fill(-Infinity);
    deviations.set(distances.map((distance) => (distance - normal.mean) / normal.deviation));
    const score = topMean(deviations.subarray(0, distances.length), MUTUAL.topFraction);
    return { references: this.size, deviations, score };
  }

  /** Each patch's mean distance to the most similar of the members, [P], the image itself left out. */
  private async distances(
    patches: Float32Array,
    sha256: string,
    signal: AbortSignal | undefined,
  ): Promise<Float32Array> {
    const rows: Float32Array[] = [];
    for (const member of this.members) {
      if (member.sha256 !== sha256) {
        await checkpoint(signal);
        rows.push(await this.similarity.distances(patches, member.patches));
      }
    }
    const length = patches.length / this.shape.width;
    return Float32Array.from({ length }, (_, i) => lowestMean(rows, i, MUTUAL.lowestFraction));
  }
}

/** The base view's patches; all of them are valid. */
function basePatches(image: EncodedImage, shape: EncoderShape): Float32Array {
  const [extent = { columns: shape.grid, rows: shape.grid }] = patchExtents(image.layout, shape);
  return pooledPatches(image.levels, { view: 0, level: MUTUAL.level }, extent, shape);
}

function thinOut(patches: Float32Array, { grid, width }: EncoderShape): Float32Array {
  const kept = Math.ceil(grid / STEP);
  const out = new Float32Array(kept * kept * width);
  for (let row = 0; row < kept; row += 1) {
    for (let column = 0; column < kept; column += 1) {
      const from = (row * STEP * grid + column * STEP) * width;
      out.set(patches.subarray(from, from + width), (row * kept + column) * width);
    }
  }
  return out;
}
