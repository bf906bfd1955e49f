import { Inspector } from '@/lib/anomaly/inspector';
import { type Bundle, openBundle } from '@/lib/engine/bundle';
import { Segmenter } from '@/lib/segmentation/segmenter';

/** The parts of the model, loaded from one bundle. */
export type Models = { bundle: Bundle; inspector: Inspector; segmenter: Segmenter };

/**
 * Verifies and loads a bundle.
 * @throws EngineError `model_unavailable` naming the file that is wrong
 */
export async function loadModels(directory: string): Promise<Models> {
  const bundle = await openBundle(directory);
  const [inspector, segmenter] = await Promise.all([Inspector.open(bundle), Segmenter.open(bundle)]);
  return { bundle, inspector, segmenter };
}

/** Frees the sessions. */
export async function closeModels({ inspector, segmenter }: Models): Promise<void> {
  await Promise.all([inspector.close(), segmenter.close()]);
}
