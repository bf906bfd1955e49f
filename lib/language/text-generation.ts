import { Generation, type FinishReason, type GenerationSettings } from './generation';
import type { LanguageModel } from './model';
import { type PromptMessage, encodeAnswerStart } from './prompt';
import { trimToBudget } from './trim';

export type TextUsage = { promptTokens: number; cachedTokens: number; tokens: number };
export type TextEvent =
  { kind: 'text'; text: string } | { kind: 'end'; reason: FinishReason; usage: TextUsage; droppedTokens: number };

/**
 * Answers a conversation with plain text.
 * @throws EngineError `cancelled`, or `invalid_request` when the last message does not fit
 */
export async function* generateText(
  model: LanguageModel,
  messages: readonly PromptMessage[],
  settings: GenerationSettings,
): AsyncGenerator<TextEvent, void> {
  const opening = encodeAnswerStart(model.tokenizer);
  const { positions, dropped } = trimToBudget(
    messages,
    promptBudget(model.context, settings.maxTokens),
    model.tokenizer,
  );
  const decoding = await model.start([...positions, ...opening], { signal: settings.signal });
  try {
    const generation = new Generation(decoding, model.tokenizer, settings);
    for (;;) {
      const step = await generation.next();
      if (step.kind === 'end') {
        const usage = { ...decoding.usage, tokens: generation.tokens };
        yield { kind: 'end', reason: step.reason, usage, droppedTokens: dropped };
        return;
      }
      if (step.kind === 'text') {
        yield step;
      }
    }
  } finally {
    decoding.dispose();
  }
}

/** Positions for the prompt when the answer may take `maxTokens`: at least half of the context, and never all of it. */
export function promptBudget(context: number, maxTokens: number): number {
  const opening = 8;
  return Math.max(Math.floor(context / 2), context - maxTokens) - opening;
}
