import { chatSettingsSchema, type ChatSettings } from '@/lib/contract';
import { createStore } from './create-store';
import { persistStore } from './persist';

/**
 * Sampling of answers; what is absent comes from the model bundle. Restored when the chat or the settings first need
 * it.
 */
export const chatSettingsStore = createStore<ChatSettings>({});

persistStore(chatSettingsStore, 'looktwice.chat.1', chatSettingsSchema);
