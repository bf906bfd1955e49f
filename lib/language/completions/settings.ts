import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { setting } from '@/lib/env';

/** Where the language model is served. Comes from the environment only, never from a bundle or a request. */
export type CompletionsSettings = { url: string; key: string | undefined };

/**
 * LOOKTWICE_COMPLETIONS_URL, such as `http://127.0.0.1:8000/v1`, and LOOKTWICE_COMPLETIONS_KEY where the server wants
 * one.
 * @throws EngineError `model_unavailable` when the address is missing or wrong
 */
export function completionsSettings(bundle: string): CompletionsSettings {
  const url = readUrl();
  if (url === undefined) {
    throw new EngineError(
      'model_unavailable',
      `The model bundle ${bundle} has its language model elsewhere: ` +
        "set LOOKTWICE_COMPLETIONS_URL to the server's address, such as http://127.0.0.1:8000/v1.",
    );
  }
  return { url: url.replace(/\/+$/, ''), key: setting('LOOKTWICE_COMPLETIONS_KEY') };
}

function readUrl(): string | undefined {
  try {
    return setting('LOOKTWICE_COMPLETIONS_URL');
  } catch (error) {
    throw new EngineError('model_unavailable', `${messageOf(error)}.`);
  }
}
