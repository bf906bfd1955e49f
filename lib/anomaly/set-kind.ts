import { checkpoint } from '@/lib/engine/checkpoint';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import { concatenate } from '@/lib/vision/concatenate';
import { MUTUAL, lowestMeans } from './mutual';
import { combine } from './patch-distance';
import { PatchResidual } from './patch-residual';
import type { Moments } from './residual';
import type { Similarity } from './similarity';
import type { MemberPatches } from './set-member';
import type { ByLevel, Patches } from './view-patches';

/** A member's patches of one view kind (`SetMember`). */
export type KindMember = MemberPatches & { sha256: string };

/**
 * The members' patches of one view kind. As with references, a patch's distance is a weighted geometric mean of three
 * (`calibration.reference.geometric`); the first is the mean of its distances to the nearest patch of the most similar
 * members, so that a few anomalous members do no harm.
 */
export class SetKind {
  private constructor(
    private readonly members: readonly KindMember[],
    private readonly residual: PatchResidual | undefined,
    private readonly similarity: Similarity,
    private readonly settings: ReferenceManifest,
  ) {}

  /** @throws EngineError `cancelled` */
  static async build(
    members: readonly KindMember[],
    similarity: Similarity,
    settings: ReferenceManifest,
    signal?: AbortSignal,
  ): Promise<SetKind> {
    const { geometric } = settings;
    if (geometric === undefined) {
      return new SetKind(members, undefined, similarity, settings);
    }
    const moments: Moments[] = [];
    for (const level of MUTUAL.levels.keys()) {
      await checkpoint(signal);
      const parts = members.map(({ own }) => own[level] ?? new Float32Array(0));
      moments.push(await similarity.moments(concatenate(parts)));
    }
    const residual = await PatchResidual.fit([moments], similarity, geometric, signal);
    return new SetKind(members, residual, similarity, settings);
  }

  /**
   * The distances of a view's patches [n] to all members but the image itself, of which there must be one.
   * @param compared the patches averaged over the kind's neighbourhood, as the members'
   * @throws EngineError `cancelled`
   */
  async distances(
    { unit, within }: Patches,
    compared: ByLevel,
    sha256: string,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const others = this.members.filter((member) => member.sha256 !== sha256);
    const nearest: Float32Array[] = [];
    for (const [level, query] of compared.entries()) {
      const rows: Float32Array[] = [];
      for (const member of others) {
        await checkpoint(signal);
        rows.push(await this.similarity.distances(query, member.compared[level] ?? query));
      }
      nearest.push(lowestMeans(rows, MUTUAL.lowestFraction));
    }
    const residual = (await this.residual?.lengths(unit)) ?? [];
    return combine({ discounted: nearest, residual, within }, this.settings);
  }
}
