import { APICallError, InvalidResponseDataError, JSONParseError, TypeValidationError } from '@ai-sdk/provider';
import { EngineError } from '@/lib/engine/errors';
import { messageOf } from '@/lib/common/message-of';
import { type RemoteEngine, keyOf } from '../registry';
import { plainText } from './plain-text';
import { RemoteError } from './remote-error';

const MAX_REASON = 200;
/** Longer waits are reported, not waited for. */
export const MAX_WAIT_MS = 30_000;

const CONTEXT = /context|too (?:long|many tokens)|maximum.{0,20}(?:length|tokens)|exceed.{0,30}(?:tokens|length)/i;
/** Google refuses a key with 400. */
const KEY = /api key (?:not valid|expired|invalid)|invalid api key/i;
/** Anthropic's status for too many questions of everybody. */
const OVERLOADED = 529;
const MODEL =
  /model.{0,80}(?:not|n't|unknown|no such|does not exist|unavailable)|(?:no such|unknown|not found).{0,20}model/i;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The message of an error body: OpenAI's `error.message`, Ollama's `error`, FastAPI's `detail`, or a plain `message`.
 */
function messageIn(body: unknown): string {
  if (typeof body !== 'object' || body === null) {
    return typeof body === 'string' ? body : '';
  }
  const { error, message, detail } = body as Record<string, unknown>;
  return [error, message, detail].map(messageIn).find((text) => text !== '') ?? '';
}

/** What a server gives as its reason: one short line, without the key that it may repeat. */
function reasonOf(engine: RemoteEngine, error: APICallError): string {
  return withoutKey(engine, messageIn(parseJson(error.responseBody ?? '')))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_REASON);
}

/** A text of the server without the engine's key; servers repeat it, whole or masked in the middle. */
function withoutKey(engine: RemoteEngine, text: string): string {
  const key = keyOf(engine);
  const whole = key === undefined ? text : text.replaceAll(key, '…');
  return plainText(whole).replace(/\b(?:(?:sk|lt|key|gsk|xai)[-_]|AIza)[\w*-]{6,}/gi, '…');
}

/** Milliseconds that `Retry-After` asks for: seconds, or a date. */
function retryAfterOf(headers: Record<string, string> | undefined, now = Date.now()): number | undefined {
  const value = headers?.['retry-after'];
  if (value === undefined) {
    return undefined;
  }
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) && wait >= 0 ? wait : undefined;
}

const because = (reason: string) => (reason === '' ? '' : `: ${reason.replace(/[.\s]+$/, '')}`);

function tooLong({ label }: RemoteEngine, reason: string): RemoteError {
  return new RemoteError('context', `The conversation is too long for ${label}${because(reason)}: start a new one.`);
}

function refusal(engine: RemoteEngine, error: APICallError): RemoteError {
  const { label, name, config } = engine;
  const status = error.statusCode ?? 0;
  const reason = reasonOf(engine, error);
  if (status === 429 || status === OVERLOADED) {
    const wait = retryAfterOf(error.responseHeaders);
    const later = wait === undefined ? 'try again later' : `try again in ${Math.ceil(wait / 1000)} s`;
    return new RemoteError(
      'busy',
      `${label} takes no more questions now (${status}${because(reason)}): ${later}.`,
      wait,
    );
  }
  if (status >= 500) {
    const wait = retryAfterOf(error.responseHeaders);
    return new RemoteError('failing', `${label} failed by itself (${status}${because(reason)}).`, wait);
  }
  if (status === 401 || status === 403 || KEY.test(reason)) {
    return new RemoteError('key', `${label} refuses the key (${status}): look at engines.${name}.key.`);
  }
  if (CONTEXT.test(reason)) {
    return tooLong(engine, reason);
  }
  if (status === 404 || MODEL.test(reason)) {
    return new RemoteError(
      'model',
      `${label} has no model "${config.model}" (${status}${because(reason)}): look at engines.${name}.model and .url.`,
    );
  }
  return new RemoteError('refused', `${label} refuses the question (${status}${because(reason)}).`);
}

/**
 * Whether the server's words could not be read: the package for Anthropic's API tells that of a first one as the
 * server's own failure.
 */
function isUnreadable({ responseBody = '' }: APICallError): boolean {
  const { name } = (parseJson(responseBody) ?? {}) as { name?: unknown };
  return name === 'AI_JSONParseError' || name === 'AI_TypeValidationError';
}

/** The error of ours that an error was made of, if there is one. */
function ownCause(error: unknown, depth = 0): EngineError | undefined {
  if (!(error instanceof Error) || depth > 4) {
    return undefined;
  }
  return error.cause instanceof EngineError ? error.cause : ownCause(error.cause, depth + 1);
}

/** Anything that asking an engine threw, as an error of ours; what it says of requests and bodies stays here. */
export function toRemoteError(engine: RemoteEngine, error: unknown): EngineError {
  if (error instanceof EngineError) {
    return error;
  }
  // The SDK wraps what `fetch` and the body's stream throw.
  const own = ownCause(error);
  if (own !== undefined) {
    return own;
  }
  if (APICallError.isInstance(error)) {
    const { statusCode = 0 } = error;
    return statusCode >= 400 && !isUnreadable(error) ? refusal(engine, error) : notAnAnswer(engine);
  }
  if (JSONParseError.isInstance(error) || TypeValidationError.isInstance(error)) {
    return notAnAnswer(engine);
  }
  // The stream ended without the reason that each answer ends with.
  if (InvalidResponseDataError.isInstance(error)) {
    return new RemoteError('cut', `${engine.label} broke off in mid-answer.`);
  }
  // The server told of an error within its stream.
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as { message?: unknown };
  const told = withoutKey(engine, messageOf(typeof message === 'string' ? message : '')).slice(0, MAX_REASON);
  return CONTEXT.test(told)
    ? tooLong(engine, told)
    : new RemoteError('failing', `${engine.label} broke off${because(told)}.`);
}

const APIS = { 'openai-compatible': 'an OpenAI-compatible API', anthropic: "Anthropic's API", google: "Google's API" };

export function notAnAnswer({ label, name, config }: RemoteEngine): RemoteError {
  return new RemoteError(
    'not_an_answer',
    `${label} sends what is no answer of a chat: engines.${name}.url must be the address of ${APIS[config.kind]}.`,
  );
}
