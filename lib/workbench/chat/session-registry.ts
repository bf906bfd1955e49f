import { newId } from '@/lib/contract/new-id';
import { createStore } from '../state/create-store';
import type { ChatSession } from './session';

/**
 * The sessions open in this page. Apart from `sessions.ts`, which makes them, so that menus and lists can ask for a
 * session without loading the chat's code.
 */
const sessions = new Map<string, ChatSession>();
const fresh = new Set<string>();

/** Ids of the open sessions; changes when one is opened or dropped. */
export const sessionIds = createStore<string[]>([]);

/** An id for a conversation that the server learns of with its first message. */
export function newConversationId(): string {
  const id = newId();
  fresh.add(id);
  return id;
}

/** Whether this page made the conversation up and the server may not know it yet. */
export function isFresh(conversationId: string): boolean {
  return fresh.has(conversationId);
}

export function registerSession(session: ChatSession): void {
  sessions.set(session.id, session);
  // A view opens its session while it renders: whoever lists the sessions hears of it after that.
  queueMicrotask(() => sessionIds.set((ids) => [...ids, session.id]));
}

/** The session if it is open. */
export function findSession(conversationId: string | null): ChatSession | null {
  return conversationId === null ? null : (sessions.get(conversationId) ?? null);
}

/** Forgets the session of a deleted conversation. */
export function dropSession(conversationId: string): void {
  sessions.delete(conversationId);
  // Restored, it is one that the server knows.
  fresh.delete(conversationId);
  sessionIds.set((ids) => ids.filter((id) => id !== conversationId));
}
