import type { Bundle } from '@/lib/engine/bundle';
import { RemoteLanguage } from './completions/remote-language';
import type { LanguageEngine } from './language-engine';
import { LanguageModel } from './model';

/**
 * Opens the language model of a bundle, wherever it runs.
 * @throws EngineError `model_unavailable` naming the file or the setting that is wrong
 */
export async function openLanguage(bundle: Bundle): Promise<LanguageEngine> {
  const { remote } = bundle.manifest.language;
  return remote === undefined ? LanguageModel.open(bundle) : RemoteLanguage.open(bundle, remote.model);
}
