import { createStore } from './create-store';

/**
 * What the share dialog is about: a conversation, up to a message or (null) the whole branch that is shown; or `links`,
 * every link of the user.
 */
export type Sharing = { conversationId: string; leafId: string | null; title: string } | 'links' | null;
export const sharingStore = createStore<Sharing>(null);

/** Opens the share dialog for a conversation. */
export function openSharing(conversationId: string, title: string, leafId: string | null = null): void {
  sharingStore.set({ conversationId, leafId, title });
}
