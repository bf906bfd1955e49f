import { randomUUID } from 'node:crypto';
import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3Prompt,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
  SharedV3Warning,
} from '@ai-sdk/provider';
import type { GenerationSettings } from './generation';
import type { LanguageModel } from './model';
import type { PromptMessage } from './prompt';
import { GREEDY } from './sampling';
import { type TextEvent, generateText } from './text-generation';

const DEFAULT_MAX_TOKENS = 256;

/** AI SDK messages as prompt messages: their texts. The model has no tools, and images reach it by inspection only. */
function toMessages(prompt: LanguageModelV3Prompt, warnings: SharedV3Warning[]): PromptMessage[] {
  return prompt.flatMap((message): PromptMessage[] => {
    if (message.role === 'tool') {
      warnings.push({ type: 'unsupported', feature: 'tool messages' });
      return [];
    }
    if (message.role === 'system') {
      return [{ role: 'system', parts: [{ kind: 'text', text: message.content }] }];
    }
    const texts = message.content.flatMap((part) => {
      if (part.type === 'text') {
        return [part.text];
      }
      warnings.push({ type: 'unsupported', feature: `${part.type} parts` });
      return [];
    });
    return [{ role: message.role, parts: [{ kind: 'text', text: texts.join('\n') }] }];
  });
}

/** Settings of a call; what the model cannot do is warned about, never silently ignored. */
function toSettings(options: LanguageModelV3CallOptions, warnings: SharedV3Warning[]): GenerationSettings {
  const unsupported: [string, boolean][] = [
    ['tools', (options.tools?.length ?? 0) > 0],
    ['responseFormat', options.responseFormat?.type === 'json'],
    ['presencePenalty', options.presencePenalty !== undefined],
  ];
  for (const [feature, asked] of unsupported) {
    if (asked) {
      warnings.push({ type: 'unsupported', feature });
    }
  }
  return {
    sampling: {
      ...GREEDY,
      temperature: options.temperature ?? 0,
      topP: options.topP ?? 1,
      topK: options.topK ?? 0,
      repetitionPenalty: 1 + Math.max(0, options.frequencyPenalty ?? 0),
      seed: options.seed ?? 0,
    },
    maxTokens: options.maxOutputTokens ?? DEFAULT_MAX_TOKENS,
    stopSequences: options.stopSequences ?? [],
    signal: options.abortSignal,
  };
}

function toFinish(end: Extract<TextEvent, { kind: 'end' }>): {
  finishReason: LanguageModelV3FinishReason;
  usage: LanguageModelV3Usage;
} {
  const { promptTokens, cachedTokens, tokens } = end.usage;
  return {
    finishReason: { unified: end.reason === 'length' ? 'length' : 'stop', raw: end.reason },
    usage: {
      inputTokens: {
        total: promptTokens,
        noCache: promptTokens - cachedTokens,
        cacheRead: cachedTokens,
        cacheWrite: undefined,
      },
      outputTokens: { total: tokens, text: tokens, reasoning: undefined },
    },
  };
}

async function* toParts(
  events: AsyncGenerator<TextEvent, void>,
  warnings: SharedV3Warning[],
): AsyncGenerator<LanguageModelV3StreamPart, void> {
  const id = randomUUID();
  yield { type: 'stream-start', warnings };
  yield { type: 'text-start', id };
  for await (const event of events) {
    if (event.kind === 'text') {
      yield { type: 'text-delta', id, delta: event.text };
    } else {
      yield { type: 'text-end', id };
      yield { type: 'finish', ...toFinish(event) };
    }
  }
}

function toStream(parts: AsyncGenerator<LanguageModelV3StreamPart, void>): ReadableStream<LanguageModelV3StreamPart> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done === true) {
        controller.close();
      } else {
        controller.enqueue(value);
      }
    },
    async cancel() {
      await parts.return();
    },
  });
}

/** The language model as an AI SDK 6 provider (specification v3); `cacheRead` is what the KV cache spared. */
export function createLanguageModel(model: LanguageModel, modelId: string): LanguageModelV3 {
  const run = (options: LanguageModelV3CallOptions) => {
    const warnings: SharedV3Warning[] = [];
    const messages = toMessages(options.prompt, warnings);
    return { events: generateText(model, messages, toSettings(options, warnings)), warnings };
  };
  return {
    specificationVersion: 'v3',
    provider: 'looktwice',
    modelId,
    supportedUrls: {},
    async doGenerate(options) {
      const { events, warnings } = run(options);
      const content: LanguageModelV3Content[] = [];
      let text = '';
      for await (const event of events) {
        if (event.kind === 'text') {
          text += event.text;
        } else {
          content.push({ type: 'text', text });
          return { content, ...toFinish(event), warnings };
        }
      }
      throw new Error('The answer ended without a finish event.');
    },
    async doStream(options) {
      const { events, warnings } = run(options);
      return { stream: toStream(toParts(events, warnings)) };
    },
  };
}
