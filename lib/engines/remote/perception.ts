import { LRUCache } from 'lru-cache';
import type { Engine } from '@/lib/engine/worker/client';
import { lookKey } from '@/lib/turn/look-key';
import type { Inspection, Look, LookOptions, Perception, Seen, TurnImage } from '@/lib/turn/perception';

/** A look as it is known outside of the worker. */
export type RemoteSeen = Seen & { inspection: Inspection; image: TurnImage; references: readonly TurnImage[] };

/** Looks that are kept, so that a follow-up does not ask the worker for each image of its conversation again. */
const KEPT = 16;
const holder = globalThis as typeof globalThis & { looktwiceLooks?: LRUCache<string, Inspection> };

/**
 * The embedded experts, asked in their thread: what is a turn of its own there is a few short jobs here, and nobody
 * waits for the network in between.
 */
export function enginePerception(
  engine: Engine,
  bundle: string,
  asking: { key: string; signal?: AbortSignal | undefined },
): Perception<RemoteSeen> {
  const kept = (holder.looktwiceLooks ??= new LRUCache<string, Inspection>({ max: KEPT }));

  const compare = async (
    image: TurnImage,
    references: readonly TurnImage[],
    { signal, onProgress, onGlance }: LookOptions,
  ): Promise<Look<RemoteSeen>> => {
    const name = `${bundle}\n${lookKey(image, references)}`;
    const inspection =
      kept.get(name) ??
      (await engine.inspect(
        {
          ...{ image: image.source, references: references.map(({ source }) => source) },
          ...{ parts: image.parts, frozen: image.within?.frozen, glance: true },
        },
        {
          key: asking.key,
          signal,
          onEvent: (event) => {
            if (event.stage === 'looking') {
              onProgress(event.done, event.total);
            } else if (event.stage === 'glance') {
              onGlance(event.heatmap);
            }
          },
        },
      ));
    kept.set(name, inspection);
    const { verdict, probability, foreignness, basis, score, bucket, timings } = inspection;
    const judgement = { verdict, probability, foreignness, basis };
    return {
      state: { score, bucket, judgement, timings, inspection, image, references },
      describe: () => Promise.resolve(inspection),
    };
  };
  return {
    bundle,
    inspect: (image, options) => compare(image, [], options),
    compare,
    segment(_image, { image, references }, pointer) {
      if (typeof pointer === 'object' && 'hidden' in pointer) {
        throw new Error('A hidden state means something to the embedded model only.');
      }
      const normal = references.map(({ source }) => source);
      const frozen = image.within?.frozen;
      return engine.mark({ image: image.source, references: normal, parts: image.parts, frozen, pointer }, asking);
    },
  };
}
