import { createStore } from '../state/create-store';
import { draftOf, draftStore } from './drafts';
import { sendDraft } from './send-draft';

/** Conversations whose question goes as soon as its images have arrived, with what ends the wait. */
export const waitingStore = createStore<Record<string, () => void>>({});

/** Lets the draft of a conversation stay a draft. */
export function stopWaiting(conversationId: string): void {
  const { [conversationId]: end, ...others } = waitingStore.get();
  if (end !== undefined) {
    end();
    waitingStore.set(() => others);
  }
}

/**
 * Sends the draft when the last of its images has arrived. If one fails, the draft stays: it is shown as failed, and
 * whether to go on without it is for whoever asks to say.
 */
export function sendWhenArrived(conversationId: string): void {
  stopWaiting(conversationId);
  const end = draftStore.subscribe(() => {
    const states = draftOf(draftStore.get(), conversationId).attachments.map(({ state }) => state.kind);
    if (states.includes('uploading')) {
      return;
    }
    stopWaiting(conversationId);
    if (states.length > 0 && !states.includes('failed')) {
      void sendDraft(conversationId);
    }
  });
  waitingStore.set((all) => ({ ...all, [conversationId]: end }));
}
