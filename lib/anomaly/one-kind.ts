import { checkpoint } from '@/lib/engine/checkpoint';
import { limits } from '@/lib/contract/limits';
import type { SetMember } from './set-member';
import type { Similarity } from './similarity';
import type { ByLevel } from './view-patches';

/**
 * Two images show things of one kind when three quarters of the patches of either have one in the other that is no
 * farther than this (mean over `LEVELS`). Chosen on 17 sets of data/breadth that are in no exam: images of one camera
 * and one kind of part lie within 0.01 to 0.22 of the one in their middle; of pairs from different sets fewer than 1 in
 * 100 lie below (docs/benchmarks.md, "Sets in the chat").
 */
const ALIKE = 0.2;
/** Of the patches of an image, sorted by their distance: half of them may be the table that it lies on. */
const QUANTILE = 0.75;
/** Of `MUTUAL.levels` the first two: the last says what is unusual, and tells kinds apart badly. */
const LEVELS = 2;
/** Images that are tried as the middle of the group, evenly spread. */
const CENTRES = 8;

/** What an image is recognised by as one of a kind: patches [n,D] of its base view, per level. */
export function traitOf({ kinds }: Pick<SetMember, 'kinds'>): ByLevel {
  return kinds.get('base')?.compared.slice(0, LEVELS) ?? [];
}

/**
 * The largest group of images that show things of one kind.
 * @returns their indices in order; none when there are fewer than `limits.set`
 * @throws EngineError `cancelled`
 */
export async function groupOfOneKind(
  traits: readonly ByLevel[],
  similarity: Pick<Similarity, 'distances'>,
  signal?: AbortSignal,
): Promise<number[]> {
  let largest: number[] = [];
  const stride = Math.max(1, traits.length / CENTRES);
  for (let at = 0; at < traits.length; at += stride) {
    const centre = traits[Math.floor(at)] ?? [];
    const group: number[] = [];
    for (const [index, trait] of traits.entries()) {
      await checkpoint(signal);
      if (trait === centre || (await distanceOf(trait, centre, similarity)) <= ALIKE) {
        group.push(index);
      }
    }
    if (group.length > largest.length) {
      largest = group;
    }
    if (largest.length === traits.length) {
      break;
    }
  }
  return largest.length >= limits.set ? largest : [];
}

/** How far the farther of two images is from the other. */
async function distanceOf(one: ByLevel, other: ByLevel, similarity: Pick<Similarity, 'distances'>): Promise<number> {
  const there = await directed(one, other, similarity);
  return there > ALIKE ? there : Math.max(there, await directed(other, one, similarity));
}

/**
 * The mean over the levels of the distance within which most of an image's patches find one of another's; infinite
 * where there are none.
 */
async function directed(trait: ByLevel, other: ByLevel, similarity: Pick<Similarity, 'distances'>): Promise<number> {
  let sum = 0;
  for (const [level, patches] of trait.entries()) {
    const bank = other[level];
    if (bank === undefined || bank.length === 0 || patches.length === 0) {
      return Infinity;
    }
    const distances = Float32Array.from(await similarity.distances(patches, bank)).sort();
    sum += distances[Math.floor((distances.length - 1) * QUANTILE)] ?? Infinity;
  }
  return trait.length === 0 ? Infinity : sum / trait.length;
}
