import { onAnnounced } from '../client/channel';
import { ChatSession } from './session';
import { findSession, isFresh, registerSession } from './session-registry';

const RUNNING_REACHES_SERVER_MS = 400;

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

/** Keeps open sessions in step with the other tabs of this browser. Returns how to stop. */
export function followOtherTabs(): () => void {
  return onAnnounced(({ kind, conversationId }) => {
    const session = findSession(conversationId);
    if (session && !session.answering && kind !== 'deleted') {
      // A starting answer is announced before its request arrives: look a moment later, to find it running.
      setTimeout(() => void session.refresh(), kind === 'running' ? RUNNING_REACHES_SERVER_MS : 0);
    }
  });
}
