import type { ChatSettings } from '@/lib/contract';
import { MAX_ANSWER_TOKENS, MESSAGE_LENGTH } from './contract';
import { readDataUri } from './data-uri';
import { DoorError } from './door-error';

/** A picture of a request. `field` says where it stood. */
export type AskedImage = { bytes: Uint8Array; role: 'subject' | 'reference'; field: string };

export type AskedMessage = { role: 'user' | 'assistant'; text: string; images: AskedImage[]; field: string };

export type JsonSchema = Record<string, unknown>;

/** How the answer's text is wanted. */
export type AnswerFormat = { type: 'text' } | { type: 'json'; schema: JsonSchema | null };

/** What either door asks of the engine. */
export type Question = {
  /** From the first message to the question; users and assistants take turns. */
  messages: AskedMessage[];
  settings: ChatSettings;
  stop: string[];
  format: AnswerFormat;
  /** Fields that had no effect, for the answer to say. */
  ignored: string[];
};

export type Part =
  { kind: 'text'; text: string } | { kind: 'image'; url: string; role: 'subject' | 'reference'; field: string };

/** One message from its parts. @throws DoorError for a picture that is no data URI and for text that is too long */
export function askedMessage(role: AskedMessage['role'], parts: readonly Part[], field: string): AskedMessage {
  const text = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
  if (text.length > MESSAGE_LENGTH) {
    throw new DoorError(`${field} has ${text.length} characters, the limit is ${MESSAGE_LENGTH}: shorten it`, {
      param: field,
      openAiCode: 'context_length_exceeded',
    });
  }
  const images = parts.flatMap((part) =>
    part.kind === 'image' ? [{ bytes: readDataUri(part.url, part.field), role: part.role, field: part.field }] : [],
  );
  return { role, text, images, field };
}

/**
 * Joins what the same side said in a row: the model knows turns only. @throws DoorError when no question is at the end
 */
export function takeTurns(messages: readonly AskedMessage[]): AskedMessage[] {
  const turns: AskedMessage[] = [];
  for (const message of messages) {
    const before = turns.at(-1);
    if (before?.role === message.role) {
      before.text = [before.text, message.text].filter(Boolean).join('\n');
      before.images.push(...message.images);
      before.field = message.field;
    } else {
      turns.push({ ...message, images: [...message.images] });
    }
  }
  const last = turns.at(-1);
  if (last?.role !== 'user') {
    throw new DoorError('The conversation must end with a message of the role user: an answer is not continued', {
      param: last?.field ?? 'messages',
    });
  }
  if (last.text.trim() === '' && last.images.length === 0) {
    throw new DoorError(`${last.field} is empty: write a question or add a picture`, { param: last.field });
  }
  return turns;
}

type Sampling = {
  temperature?: number | null | undefined;
  top_p?: number | null | undefined;
  seed?: number | null | undefined;
};

/** Sampling as the engine takes it; without a temperature it is greedy, which is how answers were measured. */
export function settingsOf(
  { temperature, top_p: topP, seed }: Sampling,
  maxTokens: number | null | undefined,
): ChatSettings {
  return {
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { topP }),
    ...(typeof seed === 'number' && { seed: seed >>> 0 }),
    ...(typeof maxTokens === 'number' && { maxTokens: Math.min(maxTokens, MAX_ANSWER_TOKENS) }),
  };
}
