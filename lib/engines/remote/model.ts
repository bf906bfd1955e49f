import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV3 } from '@ai-sdk/provider';
import { type RemoteEngine, keyOf } from '../registry';
import { guardedFetch } from './guarded-fetch';

/**
 * The AI SDK's model of an engine: it words requests and reads streams as the engine's API has them, over our own
 * `fetch`.
 */
export function remoteModel(engine: RemoteEngine): LanguageModelV3 {
  const { config, name } = engine;
  // Without one, the packages of providers look into environment variables that nobody named.
  const apiKey = keyOf(engine) ?? '';
  const common = { name, baseURL: config.url, fetch: guardedFetch(engine) };
  switch (config.kind) {
    case 'anthropic':
      return createAnthropic({ ...common, apiKey }).languageModel(config.model);
    case 'google':
      return createGoogleGenerativeAI({ ...common, apiKey }).languageModel(config.model);
    case 'openai-compatible':
      return createOpenAICompatible({
        ...common,
        includeUsage: true,
        supportsStructuredOutputs: config.structured,
        ...(apiKey !== '' && { apiKey }),
      }).chatModel(config.model);
  }
}
