import { EngineError } from '@/lib/engine/errors';
import { type PositionSource, type PromptMessage, encodeMessage } from './prompt';
import type { Tokenizer } from './tokenizer';

/** Messages that fit, and how many positions were left out. */
export type TrimmedPrompt = { positions: PositionSource[]; dropped: number };

/**
 * Encodes a conversation into at most `budget` positions. Kept always: the system prompt, the last message, and every
 * pinned part (images with their anomaly tokens). What is left out first are the oldest messages' unpinned parts, one
 * message at a time, so that what remains is what was said last.
 * @throws EngineError `invalid_request` when what must be kept does not fit
 */
export function trimToBudget(messages: readonly PromptMessage[], budget: number, tokenizer: Tokenizer): TrimmedPrompt {
  const encoded = messages.map((message) => encodeMessage(message, tokenizer));
  const total = encoded.reduce((sum, positions) => sum + positions.length, 0);
  let length = total;
  for (const [index, message] of messages.entries()) {
    if (length <= budget) {
      break;
    }
    if (message.role === 'system' || index === messages.length - 1) {
      continue;
    }
    const pinned = message.parts.filter((part) => part.pinned === true);
    const shorter = pinned.length > 0 ? encodeMessage({ ...message, parts: pinned }, tokenizer) : [];
    length -= (encoded[index]?.length ?? 0) - shorter.length;
    encoded[index] = shorter;
  }
  if (length > budget) {
    throw new EngineError(
      'invalid_request',
      `The question is too long: with its images it takes ${length} tokens, at most ${budget} fit. Shorten it.`,
    );
  }
  return { positions: encoded.flat(), dropped: total - length };
}
