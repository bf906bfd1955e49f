import { frozenComparer } from '@/lib/anomaly/frozen';
import { heatmapPng } from '@/lib/anomaly/heatmap';
import type { InspectionState } from '@/lib/anomaly/state';
import { LRUCache } from 'lru-cache';
import { openPlaybook } from '@/lib/knowledge';
import type { TurnModels } from '@/lib/turn/local/models';
import { openPlanner } from '@/lib/turn/local/plan-head';
import { lookKey } from '@/lib/turn/look-key';
import type { LookOptions, TurnImage } from '@/lib/turn/perception';
import { describeState } from './inspect';
import { loadImage } from './load-image';
import type { Models } from './models';

/** Looks kept by the caller's image ids, so that a follow-up neither reads nor decodes its image again. */
const KEPT_LOOKS = 4;

/** The parts of the model as a turn wants them. */
export async function turnModels(models: Models): Promise<TurnModels> {
  const { bundle, inspector, language, segmenter } = models;
  const playbook = await openPlaybook(bundle);
  const kept = new LRUCache<string, InspectionState>({ max: KEPT_LOOKS });

  const look = async (
    image: TurnImage,
    references: readonly TurnImage[],
    { signal, onProgress, onGlance }: LookOptions,
  ) => {
    const started = performance.now();
    const key = lookKey(image, references);
    let state = kept.get(key);
    let decodeMs = 0;
    if (state === undefined) {
      const decoded = await loadImage(image.source);
      const others = [];
      for (const reference of references) {
        others.push(await loadImage(reference.source));
      }
      decodeMs = performance.now() - started;
      state = await inspector.inspect(decoded, {
        ...{ references: others, parts: image.parts, signal, onProgress },
        comparer: image.within && frozenComparer(image.within.frozen),
        onGlance: async (map) => onGlance(await heatmapPng(map)),
      });
      kept.set(key, state);
    }
    const found = state;
    return { state: found, describe: () => describeState(models, found, { decodeMs, started }) };
  };
  return {
    language,
    segmenter,
    playbook,
    system: bundle.manifest.language.system,
    bundle: bundle.name,
    segToken: bundle.manifest.language.tokens.seg,
    planner: await openPlanner(bundle, language),
    doubts: bundle.manifest.language.unsure === true,
    width: bundle.manifest.language.width,
    look,
  };
}
