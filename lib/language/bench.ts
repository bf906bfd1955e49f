import type { LanguageModel } from './model';
import { encodeAnswerStart, encodeMessage } from './prompt';
import { argmax } from './sampling';

/** Speeds of the language model; times in ms, rates in tokens per second. */
export type LanguageBench = {
  promptTokens: number;
  prefillMs: number;
  prefillTokensPerSecond: number;
  decodeTokens: number;
  decodeMs: number;
  decodeTokensPerSecond: number;
  /** From the follow-up question to its first token, everything before it cached. */
  followUpFirstTokenMs: number;
};

const TEXT = 'The surface of the part shows a thin scratch that runs from the upper left to the centre. ';

/**
 * Measures prefill and decode with greedy decoding.
 * @param promptTokens length of the prompt that is read
 * @param decodeTokens length of the answer (a stop token does not end it)
 */
export async function benchLanguage(
  model: LanguageModel,
  { promptTokens = 300, decodeTokens = 128, nonce = 0 } = {},
): Promise<LanguageBench> {
  const { tokenizer } = model;
  // The nonce comes first, so that no earlier run's cache can serve the prompt.
  const text = `${nonce} ${TEXT.repeat(Math.ceil(promptTokens / 16) + 1)}`;
  const opening = encodeAnswerStart(tokenizer);
  const question = encodeMessage({ role: 'user', parts: [{ kind: 'text', text }] }, tokenizer);
  const prompt = [...question.slice(0, promptTokens - opening.length), ...opening];

  const started = performance.now();
  const decoding = await model.start(prompt);
  const prefillMs = performance.now() - started;
  const said: number[] = [];
  const decodeStarted = performance.now();
  for (let i = 0; i < decodeTokens; i += 1) {
    const id = argmax(decoding.logits);
    said.push(id);
    await decoding.accept(id);
  }
  const decodeMs = performance.now() - decodeStarted;
  decoding.dispose();

  const followUp = encodeMessage(
    { role: 'user', parts: [{ kind: 'text', text: 'What could have caused it?' }] },
    tokenizer,
  );
  const followUpStarted = performance.now();
  const next = await model.start([...prompt, ...said.map((id) => ({ id })), ...followUp, ...opening]);
  const followUpFirstTokenMs = performance.now() - followUpStarted;
  next.dispose();
  return {
    promptTokens: prompt.length,
    prefillMs,
    prefillTokensPerSecond: ((prompt.length - decoding.usage.cachedTokens) / prefillMs) * 1000,
    decodeTokens,
    decodeMs,
    decodeTokensPerSecond: (decodeTokens / decodeMs) * 1000,
    followUpFirstTokenMs,
  };
}
