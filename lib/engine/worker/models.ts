import { Inspector } from '@/lib/anomaly/inspector';
import { type Bundle, openBundle } from '@/lib/engine/bundle';
import { openAll } from '@/lib/engine/open-all';
import { type LanguageEngine, openLanguage } from '@/lib/language';
import type { MaskSource } from '@/lib/segmentation/mask-source';
import { openMaskSource } from '@/lib/segmentation/open-mask-source';

/** The parts of the model, loaded from one bundle. */
export type Models = { bundle: Bundle; inspector: Inspector; segmenter: MaskSource; language: LanguageEngine };

/**
 * Verifies and loads a bundle.
 * @throws EngineError `model_unavailable` naming the file that is wrong
 */
export async function loadModels(directory: string): Promise<Models> {
  const bundle = await openBundle(directory);
  const [inspector, segmenter, language] = await openAll(
    Inspector.open(bundle),
    openMaskSource(bundle),
    openLanguage(bundle),
  );
  return { bundle, inspector, segmenter, language };
}

/** Frees the sessions. */
export async function closeModels({ inspector, segmenter, language }: Models): Promise<void> {
  await Promise.all([inspector.close(), segmenter.close(), language.close()]);
}
