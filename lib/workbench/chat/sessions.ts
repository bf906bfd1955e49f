import { ChatSession } from './session';
import { findSession, isFresh, registerSession } from './session-registry';

/** The session of a conversation: one per page, however many views show it. */
export function sessionOf(conversationId: string): ChatSession {
  const known = findSession(conversationId);
  if (known) {
    return known;
  }
  const session = new ChatSession(conversationId, isFresh(conversationId));
  registerSession(session);
  if (!isFresh(conversationId)) {
    void session.load();
  }
  return session;
}
