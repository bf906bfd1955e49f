import { newId } from '@/lib/assistant/contract';
import { onAnnounced } from '../client/channel';
import { createStore } from '../state/create-store';
import { ChatSession } from './session';

const sessions = new Map<string, ChatSession>();
const fresh = new Set<string>();

/** Sessions that are open in this page; changes when one is opened. */
export const sessionIds = createStore<string[]>([]);

/** An id for a conversation that the server learns of with its first message. */
export function newConversationId(): string {
  const id = newId();
  fresh.add(id);
  return id;
}

/** The session of a conversation: one per page, however many views show it. */
export function sessionOf(conversationId: string): ChatSession {
  const known = sessions.get(conversationId);
  if (known) {
    return known;
  }
  const session = new ChatSession(conversationId, fresh.has(conversationId));
  sessions.set(conversationId, session);
  sessionIds.set((ids) => [...ids, conversationId]);
  if (!fresh.has(conversationId)) {
    void session.load();
  }
  return session;
}

/** The session if it is open, without opening it. */
export function findSession(conversationId: string | null): ChatSession | null {
  return conversationId === null ? null : (sessions.get(conversationId) ?? null);
}

/** Forgets the session of a deleted conversation. */
export function dropSession(conversationId: string): void {
  sessions.delete(conversationId);
  sessionIds.set((ids) => ids.filter((id) => id !== conversationId));
}

/** Keeps open sessions in step with the other tabs of this browser. Returns how to stop. */
export function followOtherTabs(): () => void {
  return onAnnounced(({ kind, conversationId }) => {
    const session = sessions.get(conversationId);
    if (session && !session.answering && kind !== 'deleted') {
      // A starting answer is announced before its request arrives: look a moment later, to find it running.
      setTimeout(() => void session.refresh(), kind === 'running' ? 400 : 0);
    }
  });
}
