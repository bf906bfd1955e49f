import { onAnnounced } from '../client/channel';
import { findSession } from './session-registry';

const RUNNING_REACHES_SERVER_MS = 400;

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
