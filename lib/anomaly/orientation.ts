import { checkpoint } from '@/lib/engine/checkpoint';
import type { ReferenceManifest } from '@/lib/engine/manifest';
import { concatenate } from '@/lib/vision/concatenate';
import { TURNS, type Turn } from '@/lib/vision/turn';
import { MAX_BANK_PATCHES } from './bank-rows';
import { centred, meanOf, patchExtents, pooledPatches } from './patches';
import type { TurnedView } from './image-encoder';
import type { Similarity } from './similarity';
import type { EncodedImage, EncoderShape } from './view-patches';

/** More references than these show by themselves how they may lie, and turning them all would take long. */
const MOST_TURNED = 4;
/** A quarter turn, and a mirrored one: what has a preferred orientation seldom allows either. */
const TRIED: readonly Turn[] = TURNS.filter((_, index) => index === 0 || index === 3);

/** An image known to be normal. */
export type Reference = {
  given: EncodedImage;
  /** Views of it turned and then encoded, with their patches back where they were. */
  encodeTurned: (views: readonly TurnedView[]) => Promise<EncodedImage>;
};

/**
 * References in all eight orientations where they have no preferred one (printed traces, grains): with the base view
 * turned in every way and each tile in one, in turns. Whether they are like that, they say themselves (`nearerShare`,
 * docs/decisions/reference-mode.md).
 * @returns one after the other the references as given, or each with the turned views added to its own and its part of
 *   the bank
 * @throws EngineError `cancelled`
 */
export async function* turnReferences(
  references: readonly Reference[],
  similarity: Similarity,
  shape: EncoderShape,
  settings: ReferenceManifest,
  signal?: AbortSignal,
): AsyncGenerator<EncodedImage> {
  const given = references.map((reference) => reference.given);
  if (settings.turnedShare === undefined || references.length < 2 || references.length > MOST_TURNED) {
    yield* given;
    return;
  }
  const asked: { reference: Reference; tried: EncodedImage }[] = [];
  for (const reference of references) {
    asked.push({ reference, tried: await reference.encodeTurned(inBaseView(TRIED)) });
  }
  const turned = asked.map(({ tried }) => tried);
  if ((await nearerShare(given, turned, similarity, shape, settings, signal)) < settings.turnedShare) {
    yield* given;
    return;
  }
  let tiles = 0;
  for (const { reference, tried } of asked) {
    const wanted = inBaseView(TURNS.filter((turn) => !TRIED.includes(turn)));
    for (const [view, { kind }] of reference.given.layout.views.entries()) {
      const turn = TURNS[tiles % TURNS.length];
      if (kind === 'tile' && turn !== undefined) {
        wanted.push({ view, turn });
        tiles += 1;
      }
    }
    const further = await reference.encodeTurned(wanted);
    const joined = joinImages([reference.given, tried, further]);
    yield { ...joined, most: Math.floor(MAX_BANK_PATCHES / references.length) };
  }
}

const inBaseView = (turns: readonly Turn[]): TurnedView[] => turns.map((turn) => ({ view: 0, turn }));

/**
 * Of the patches of each reference's base view the share that is nearer to the other references turned than to them as
 * given: the mean over levels, turns and references, 0..1. A half where orientation means nothing.
 * @param turned per reference its base view, turned in as many ways as each of the others
 * @throws EngineError `cancelled`
 */
export async function nearerShare(
  references: readonly EncodedImage[],
  turned: readonly EncodedImage[],
  similarity: Similarity,
  shape: EncoderShape,
  { levels, geometric }: ReferenceManifest,
  signal?: AbortSignal,
): Promise<number> {
  const shares: number[] = [];
  for (const level of levels) {
    const given = references.map((image) => patchesOf(image, 0, level, shape));
    const mean = meanOf(concatenate(given), shape.width);
    const centre = (patches: Float32Array) => centred(patches, mean, geometric?.centring ?? 0);
    const bases = given.map(centre);
    const ways = turned.map((image) =>
      image.layout.views.map((_, view) => centre(patchesOf(image, view, level, shape))),
    );
    for (const [index, query] of bases.entries()) {
      await checkpoint(signal);
      const others = (parts: readonly Float32Array[]) => concatenate(parts.filter((_, other) => other !== index));
      const distances = await similarity.distances(query, others(bases));
      for (const way of ways[index]?.keys() ?? []) {
        const found = await similarity.distances(query, others(ways.map((views) => views[way] ?? query)));
        shares.push(found.filter((distance, patch) => distance < (distances[patch] ?? 0)).length / found.length);
      }
    }
  }
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

function patchesOf(image: EncodedImage, view: number, level: number, shape: EncoderShape): Float32Array {
  const extent = patchExtents(image.layout, shape)[view] ?? { columns: 0, rows: 0 };
  return pooledPatches(image.levels, { view, level }, extent, shape, 0);
}

/** One image with the views of all. */
function joinImages(images: readonly [EncodedImage, ...EncodedImage[]]): EncodedImage {
  const views = images.flatMap(({ layout }) => layout.views);
  return { layout: { ...images[0].layout, views }, levels: concatenate(images.map(({ levels }) => levels)) };
}
