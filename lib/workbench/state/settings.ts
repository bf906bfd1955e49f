import { chatSettingsSchema, type ChatSettings } from '@/lib/assistant/contract';
import { createStore } from './create-store';
import { persistStore } from './persist';

/** Sampling of answers; what is absent comes from the model bundle. */
export const chatSettingsStore = createStore<ChatSettings>({});

export function restoreChatSettings(): void {
  persistStore(chatSettingsStore, 'looktwice.chat.1', chatSettingsSchema);
}
