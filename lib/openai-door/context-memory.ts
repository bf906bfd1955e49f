import { createHash } from 'node:crypto';
import type { TurnContextData } from '@/lib/turn/types';
import type { LRUCache } from 'lru-cache';
import { sizedCache } from '@/lib/common/sized-cache';
import type { Found, Seen } from './contract';

/** What a turn left for its follow-ups: the engine's context, and what was measured on the pictures so far. */
export type Remembered = { context: TurnContextData; seen: Seen[]; findings: Found[] };

/** JSON characters that are kept of all clients together. */
const CAPACITY = 16 * 2 ** 20;

type Holder = typeof globalThis & { looktwiceDoorMemory?: LRUCache<string, Remembered> };

function memory(): LRUCache<string, Remembered> {
  const holder = globalThis as Holder;
  holder.looktwiceDoorMemory ??= sizedCache<Remembered>(CAPACITY, (value) => JSON.stringify(value).length);
  return holder.looktwiceDoorMemory;
}

export type PastMessage = { role: string; text: string; images: readonly { id: string; role: string }[] };

/**
 * Clients send the whole conversation with every question, but not what the engine knew at each answer: its tokens, its
 * evidence, which picture it has judged. That is remembered here, in memory alone, under a hash of who asks and
 * everything that was said up to the answer, so that only who sends the same conversation finds it. A conversation that
 * is not found (another process, long ago, changed text) is read as text, and its picture is looked at again.
 */
export function conversationKey(userId: string, messages: readonly PastMessage[]): string {
  const told = messages.map(({ role, text, images }) => [role, text, images.map(({ id, role: part }) => [id, part])]);
  return createHash('sha256')
    .update(JSON.stringify([userId, told]))
    .digest('base64url');
}

export function recall(key: string): Remembered | undefined {
  return memory().get(key);
}

export function remember(key: string, value: Remembered): void {
  memory().set(key, value);
}
