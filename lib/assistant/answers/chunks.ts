import type { InferUIMessageChunk } from 'ai';
import { storedPartSchema, transientParts, type ChatMessage, type StoredPart } from '@/lib/contract';

/** A chunk of the UI-message stream of AI SDK 6. */
export type ChatChunk = InferUIMessageChunk<ChatMessage>;

/** Joins neighbouring deltas of one text, so that the log has one entry per flush and not one per token. */
export function coalesce(chunks: readonly ChatChunk[]): ChatChunk[] {
  const joined: ChatChunk[] = [];
  for (const chunk of chunks) {
    const last = joined.at(-1);
    if (chunk.type === 'text-delta' && last?.type === 'text-delta' && last.id === chunk.id) {
      joined[joined.length - 1] = { ...last, delta: last.delta + chunk.delta };
    } else {
      joined.push(chunk);
    }
  }
  return joined;
}

const TRANSIENT: ReadonlySet<string> = new Set(transientParts.map((name) => `data-${name}`));

/** Whether a chunk says something that is stored, in the log and as a part. */
export function isStored(chunk: ChatChunk): boolean {
  return !TRANSIENT.has(chunk.type);
}

/**
 * The parts that a stream of chunks adds up to, in their order: texts by their deltas, data parts as they came. A part
 * that does not match the contract is left out: what is stored is what clients can read.
 */
export function foldParts(chunks: Iterable<ChatChunk>): StoredPart[] {
  const parts: StoredPart[] = [];
  const texts = new Map<string, { type: 'text'; text: string }>();
  for (const chunk of chunks) {
    if (chunk.type === 'text-start') {
      const part = { type: 'text' as const, text: '' };
      texts.set(chunk.id, part);
      parts.push(part);
    } else if (chunk.type === 'text-delta') {
      const part = texts.get(chunk.id);
      if (part !== undefined) {
        part.text += chunk.delta;
      }
    } else if (chunk.type.startsWith('data-')) {
      const parsed = storedPartSchema.safeParse(chunk);
      if (parsed.success) {
        parts.push(parsed.data);
      }
    }
  }
  return parts.filter((part) => part.type !== 'text' || part.text.trim() !== '');
}

/** The chunks that build a message from its stored parts: the replay of an answer that has ended. */
export function unfoldParts(parts: readonly StoredPart[]): ChatChunk[] {
  return parts.flatMap((part, index): ChatChunk[] => {
    if (part.type !== 'text') {
      return [part];
    }
    const id = String(index);
    return [
      { type: 'text-start', id },
      { type: 'text-delta', id, delta: part.text },
      { type: 'text-end', id },
    ];
  });
}
