import { EventSourceParserStream, ParseError } from 'eventsource-parser/stream';
import { z } from 'zod';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import type { CompletionsSettings } from './settings';

/** Longest event of an answer that is read, in characters. */
const MAX_EVENT = 1 << 20;
const MAX_MESSAGE = 300;

/** Body of a request to `/completions`; the last four are vLLM's own. */
export type CompletionRequest = {
  model: string;
  prompt: '';
  stream: true;
  max_tokens: number;
  temperature: number;
  top_p: number;
  seed: number;
  /** By token id; -100 bans. */
  logit_bias: Record<string, number>;
  repetition_penalty: number;
  min_tokens: number;
  stop_token_ids: number[];
  return_token_ids: true;
  /** Base64 of a matrix [positions, width] as torch saves it. */
  prompt_embeds: string;
};

const chunkSchema = z.union([
  z.object({
    choices: z
      .array(
        z.object({
          text: z.string(),
          token_ids: z.array(z.int().nonnegative()).nullish(),
          finish_reason: z.string().nullish(),
        }),
      )
      .max(1),
  }),
  z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) }),
]);

/** Some of an answer: its text, and the tokens where the server tells them. */
export type CompletionDelta = { text: string; tokens: number[] | undefined; end: 'stop' | 'length' | undefined };

const unavailable = (message: string) => new EngineError('model_unavailable', message);
const oneLine = (text: string) => messageOf(text).slice(0, MAX_MESSAGE);

/**
 * Lets a server continue a prompt, and gives out what it says as it comes.
 * @throws EngineError `model_unavailable` in one sentence when the server cannot be reached, refuses or breaks off;
 *   `cancelled`
 */
export async function* streamCompletion(
  { url, key }: CompletionsSettings,
  request: CompletionRequest,
  signal: AbortSignal,
): AsyncGenerator<CompletionDelta, void> {
  try {
    const response = await fetch(`${url}/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(request),
      // The address is the one of the environment, not one that a server names.
      redirect: 'error',
      signal,
    });
    if (!response.ok || response.body === null) {
      const reason = oneLine(await response.text());
      throw unavailable(`The language model's server refused the prompt (${response.status}): ${reason}`);
    }
    for await (const data of eventData(response.body)) {
      if (data === '[DONE]') {
        return;
      }
      yield* readChunk(data);
    }
  } catch (error) {
    if (signal.aborted) {
      throw new EngineError('cancelled', 'The work was cancelled.');
    }
    if (error instanceof EngineError) {
      throw error;
    }
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    // The host alone: the address may hold what is nobody's business.
    const { host } = new URL(url);
    throw unavailable(
      `The language model's server ${host} cannot be reached, or broke off (${oneLine(messageOf(reason))}): start it, or correct LOOKTWICE_COMPLETIONS_URL.`,
    );
  }
}

function* readChunk(data: string): Generator<CompletionDelta> {
  const chunk = parseChunk(data);
  if ('error' in chunk) {
    const { error } = chunk;
    throw unavailable(
      `The language model's server failed: ${oneLine(typeof error === 'string' ? error : error.message)}`,
    );
  }
  for (const { text, token_ids: tokens, finish_reason: reason } of chunk.choices) {
    yield {
      text,
      tokens: tokens ?? undefined,
      end: reason === null || reason === undefined ? undefined : reason === 'length' ? 'length' : 'stop',
    };
  }
}

function parseChunk(data: string): z.infer<typeof chunkSchema> {
  try {
    return chunkSchema.parse(JSON.parse(data));
  } catch {
    // What came instead may be anything, and says nothing to whoever asked.
    throw unavailable("The language model's server sent something that is no part of a completion.");
  }
}

/** What the events of a stream say. @throws EngineError when one does not end */
async function* eventData(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream({ maxBufferSize: MAX_EVENT }))
    .getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      yield read.value.data.trim();
    }
  } catch (error) {
    throw error instanceof ParseError && error.type === 'max-buffer-size-exceeded'
      ? unavailable("The language model's server sent an event that is too long.")
      : error;
  }
}
