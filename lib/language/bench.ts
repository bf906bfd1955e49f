import type { Decoding } from './decoding';
import type { LanguageModel } from './model';
import { type PositionSource, encodeAnswerStart, encodeMessage } from './prompt';
import { argmax } from './sampling';

/** Speeds of the language model; times in ms, rates in tokens per second. */
export type LanguageBench = {
  promptTokens: number;
  prefillMs: number;
  prefillTokensPerSecond: number;
  decodeTokens: number;
  decodeMs: number;
  decodeTokensPerSecond: number;
  /** Processor time of all threads, ms. */
  prefillCpuMs: number;
  decodeCpuMs: number;
  /** From the follow-up question to its first token, everything before it cached. */
  followUpFirstTokenMs: number;
  /** Of so many answers that are written at the same time, all together. */
  chats: { chats: number; tokensPerSecond: number }[];
};

/** How many answers at a time are measured. */
const CHATS = [1, 4, 8];

const TEXT = 'The surface of the part shows a thin scratch that runs from the upper left to the centre. ';

/** Times some work on the wall and in processor time, ms. */
async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number; cpuMs: number }> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, ms: performance.now() - started, cpuMs: (user + system) / 1000 };
}

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
  const prompt = promptOf(model, `${nonce}`, promptTokens);
  const opening = encodeAnswerStart(tokenizer);

  const prefill = await timed(() => model.start(prompt));
  const decoding = prefill.result;
  const said: number[] = [];
  const decode = await timed(async () => {
    for (let i = 0; i < decodeTokens; i += 1) {
      const id = argmax(decoding.logits);
      said.push(id);
      await decoding.accept(id);
    }
  });
  decoding.dispose();

  const followUp = encodeMessage(
    { role: 'user', parts: [{ kind: 'text', text: 'What could have caused it?' }] },
    tokenizer,
  );
  const next = await timed(() => model.start([...prompt, ...said.map((id) => ({ id })), ...followUp, ...opening]));
  next.result.dispose();
  const chats = [];
  for (const count of CHATS) {
    chats.push({
      chats: count,
      tokensPerSecond: await decodeTogether(model, { count, promptTokens, decodeTokens, nonce }),
    });
  }
  return {
    promptTokens: prompt.length,
    prefillMs: prefill.ms,
    prefillTokensPerSecond: ((prompt.length - decoding.usage.cachedTokens) / prefill.ms) * 1000,
    decodeTokens,
    decodeMs: decode.ms,
    decodeTokensPerSecond: (decodeTokens / decode.ms) * 1000,
    prefillCpuMs: prefill.cpuMs,
    decodeCpuMs: decode.cpuMs,
    followUpFirstTokenMs: next.ms,
    chats,
  };
}

/** A prompt of so many tokens that begins with `beginning`. */
function promptOf({ tokenizer }: LanguageModel, beginning: string, promptTokens: number): PositionSource[] {
  const text = `${beginning} ${TEXT.repeat(Math.ceil(promptTokens / 16) + 1)}`;
  const opening = encodeAnswerStart(tokenizer);
  const question = encodeMessage({ role: 'user', parts: [{ kind: 'text', text }] }, tokenizer);
  return [...question.slice(0, promptTokens - opening.length), ...opening];
}

/**
 * Tokens per second of several answers together, each of `decodeTokens` after a prompt of its own that was read before.
 */
async function decodeTogether(
  model: LanguageModel,
  { count, promptTokens, decodeTokens, nonce }: Record<'count' | 'promptTokens' | 'decodeTokens' | 'nonce', number>,
): Promise<number> {
  const decodings: Decoding[] = [];
  try {
    for (let chat = 0; chat < count; chat += 1) {
      decodings.push(await model.start(promptOf(model, `${nonce} of ${chat}`, promptTokens)));
    }
    // The first step together opens the graph for it.
    await Promise.all(decodings.map((decoding) => decoding.accept(argmax(decoding.logits))));
    const { ms } = await timed(() =>
      Promise.all(
        decodings.map(async (decoding) => {
          for (let i = 0; i < decodeTokens; i += 1) {
            await decoding.accept(argmax(decoding.logits));
          }
        }),
      ),
    );
    return ((count * decodeTokens) / ms) * 1000;
  } finally {
    decodings.forEach((decoding) => decoding.dispose());
  }
}
