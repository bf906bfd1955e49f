import type { ValueWindow } from '@/lib/contract';
import { createStore } from './create-store';

/**
 * The windows on deep images that this page has set or tries out, by image; all others are shown as the server keeps
 * them.
 */
export const valueWindowStore = createStore<Readonly<Record<string, ValueWindow>>>({});

/** Shows an image by these values wherever this page draws it. */
export function showWindow(imageId: string, window: ValueWindow): void {
  valueWindowStore.set((all) => ({ ...all, [imageId]: window }));
}
