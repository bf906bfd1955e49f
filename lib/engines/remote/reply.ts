import { setTimeout as sleep } from 'node:timers/promises';
import type { JSONSchema7, LanguageModelV3Prompt, LanguageModelV3StreamPart } from '@ai-sdk/provider';
import { EngineError, throwIfCancelled } from '@/lib/engine/errors';
import type { TurnSettings } from '@/lib/turn/types';
import { type RemoteEngine, keyOf } from '../registry';
import { MAX_WAIT_MS, toRemoteError } from './faults';
import { remoteModel } from './model';
import { WithoutKey, plainText } from './plain-text';
import { RemoteError } from './remote-error';

/** Characters of one answer: what goes on beyond is cut off. */
const MAX_CHARACTERS = 24_000;
const FIRST_PAUSE_MS = 500;

export type ReplyEvent =
  | { type: 'text'; delta: string }
  | {
      type: 'end';
      finishReason: 'stop' | 'length';
      tokens: number;
      promptTokens: number;
      cachedTokens: number;
      model: string | null;
    };

export type Asked = {
  prompt: LanguageModelV3Prompt;
  settings: TurnSettings;
  /** The answer has to be one JSON value of this schema. */
  schema?: JSONSchema7 | undefined;
};

type Watched = { signal: AbortSignal; arm: (seconds: number, what: string) => void; stop: () => void };

/** Ends a request when a part of it takes longer than is allowed; which part, the error says. */
function watch(engine: RemoteEngine, outer: AbortSignal): Watched {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (seconds: number, what: string) => () =>
    late.abort(new RemoteError('slow', `${engine.label} ${what} within ${seconds} s: try again, or another engine.`));
  const { total } = engine.config.timeouts;
  const deadline = setTimeout(giveUp(total, 'did not finish its answer'), total * 1000);
  return {
    signal: AbortSignal.any([outer, late.signal]),
    arm(seconds, what) {
      clearTimeout(timer);
      timer = setTimeout(giveUp(seconds, what), seconds * 1000);
    },
    stop() {
      clearTimeout(timer);
      clearTimeout(deadline);
    },
  };
}

async function openStream(
  engine: RemoteEngine,
  { prompt, settings, schema }: Asked,
  signal: AbortSignal,
): Promise<ReadableStreamDefaultReader<LanguageModelV3StreamPart>> {
  const { config } = engine;
  const { stream } = await remoteModel(engine).doStream({
    prompt,
    maxOutputTokens: settings.maxTokens ?? config.maxTokens,
    abortSignal: signal,
    ...(settings.temperature !== undefined && { temperature: settings.temperature }),
    ...(settings.topP !== undefined && { topP: settings.topP }),
    ...(settings.seed !== undefined && { seed: settings.seed }),
    ...(settings.stop !== undefined && settings.stop.length > 0 && { stopSequences: [...settings.stop] }),
    ...(schema !== undefined && { responseFormat: { type: 'json' as const, name: 'answer', schema } }),
  });
  return stream.getReader();
}

/** What was held back of an answer that is over. */
function* restOf(text: WithoutKey): Generator<ReplyEvent, void> {
  const delta = text.end();
  if (delta !== '') {
    yield { type: 'text', delta };
  }
}

/** One try: the answer as it comes. */
async function* askOnce(engine: RemoteEngine, asked: Asked, outer: AbortSignal): AsyncGenerator<ReplyEvent, void> {
  const { first, idle } = engine.config.timeouts;
  const watched = watch(engine, outer);
  const withoutKey = new WithoutKey(keyOf(engine));
  let reader: ReadableStreamDefaultReader<LanguageModelV3StreamPart> | undefined;
  try {
    watched.arm(first, 'did not begin its answer');
    reader = await openStream(engine, asked, watched.signal);
    const aborted = new Promise<never>((_, reject) => {
      watched.signal.addEventListener('abort', () => reject(watched.signal.reason as Error), { once: true });
    });
    aborted.catch(() => undefined);
    let said = 0;
    let model: string | null = null;
    for (;;) {
      const { done, value: part } = await Promise.race([reader.read(), aborted]);
      if (done) {
        throw new RemoteError('cut', `${engine.label} broke off in mid-answer.`);
      }
      switch (part.type) {
        case 'response-metadata':
          model = part.modelId === undefined ? model : plainText(part.modelId);
          break;
        case 'text-delta':
          if (part.delta !== '') {
            watched.arm(idle, 'said nothing more');
            said += part.delta.length;
            const delta = withoutKey.push(plainText(part.delta));
            if (delta !== '') {
              yield { type: 'text', delta };
            }
          }
          if (said > MAX_CHARACTERS) {
            yield* restOf(withoutKey);
            yield { type: 'end', finishReason: 'length', tokens: 0, promptTokens: 0, cachedTokens: 0, model };
            return;
          }
          break;
        case 'error':
          throw toRemoteError(engine, part.error);
        case 'finish': {
          const { unified, raw } = part.finishReason;
          if (unified === 'content-filter' && said === 0) {
            throw new RemoteError('refused', `${engine.label} declines to answer this question.`);
          }
          // No server said that the answer is over: its package makes up for that.
          if ((unified === 'error' || unified === 'other') && raw === undefined) {
            throw new RemoteError('cut', `${engine.label} broke off in mid-answer.`);
          }
          const { inputTokens, outputTokens } = part.usage;
          if (said === 0) {
            throw new RemoteError('not_an_answer', `${engine.label} answered without a word.`);
          }
          yield* restOf(withoutKey);
          yield {
            type: 'end',
            finishReason: unified === 'length' ? 'length' : 'stop',
            tokens: outputTokens.total ?? 0,
            promptTokens: inputTokens.total ?? 0,
            cachedTokens: inputTokens.cacheRead ?? 0,
            model,
          };
          return;
        }
        default:
          break;
      }
    }
  } catch (error) {
    throwIfCancelled(outer);
    yield* restOf(withoutKey);
    throw watched.signal.aborted && watched.signal.reason instanceof EngineError
      ? watched.signal.reason
      : toRemoteError(engine, error);
  } finally {
    watched.stop();
    // Ends the request, too.
    await reader?.cancel().catch(() => undefined);
  }
}

/**
 * Asks an engine and gives its answer as it comes. What fails before the first word and may pass is tried again, after
 * the time that the engine asks for.
 * @throws RemoteError with one clear sentence; EngineError `cancelled` when the signal is aborted
 */
export async function* askRemote(
  engine: RemoteEngine,
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<ReplyEvent, void> {
  for (let attempt = 0; ; attempt += 1) {
    let hasBegun = false;
    try {
      for await (const event of askOnce(engine, asked, signal)) {
        hasBegun = true;
        yield event;
      }
      return;
    } catch (error) {
      if (hasBegun || !(error instanceof RemoteError) || !error.isPassing || attempt >= engine.config.retries) {
        throw error;
      }
      const wait = error.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** attempt;
      if (wait > MAX_WAIT_MS) {
        throw error;
      }
      await sleep(wait, undefined, { signal }).catch(() => throwIfCancelled(signal));
    }
  }
}
