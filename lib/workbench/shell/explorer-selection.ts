import { limits } from '@/lib/contract/limits';
import { startConversation } from '../chat/conversation-actions';
import { attachKnown, draftOf, draftStore } from '../chat/drafts';
import { createStore } from '../state/create-store';
import { rememberImage, type KnownImage } from '../state/images';
import { layoutStore, showPane } from '../state/layout';
import { notify } from '../ui/notify';

export type Selectable = Pick<KnownImage, 'imageId' | 'name' | 'width' | 'height'>;

/** The images of the Explorer that are selected, in the order in which they were. */
export const selectionStore = createStore<readonly Selectable[]>([]);

/** Where a range begins: what was selected last. */
let anchor: string | null = null;

export function clearSelection(): void {
  anchor = null;
  selectionStore.set([]);
}

/** Selects an image, or takes it out. */
export function toggleSelected(image: Selectable): void {
  anchor = image.imageId;
  selectionStore.set((selected) =>
    selected.some(({ imageId }) => imageId === image.imageId)
      ? selected.filter(({ imageId }) => imageId !== image.imageId)
      : [...selected, image],
  );
}

/**
 * Selects all from what was selected last to this one.
 * @param rows what the Explorer lists, in its order
 */
export function selectTo(image: Selectable, rows: readonly Selectable[]): void {
  const to = rows.findIndex(({ imageId }) => imageId === image.imageId);
  const from = rows.findIndex(({ imageId }) => imageId === anchor);
  const range = rows.slice(Math.min(from < 0 ? to : from, to), Math.max(from, to) + 1);
  anchor ??= image.imageId;
  selectionStore.set((selected) => {
    const known = new Set(selected.map(({ imageId }) => imageId));
    return [...selected, ...range.filter(({ imageId }) => !known.has(imageId))];
  });
}

export function selectAll(rows: readonly Selectable[]): void {
  selectionStore.set([...rows]);
}

/** Attaches what is selected to the message that is being written, as far as it has room. */
export function attachSelection(): void {
  const id = layoutStore.get().conversationId ?? startConversation();
  const selected = selectionStore.get();
  const room = Math.max(0, limits.imagesPerMessage - draftOf(draftStore.get(), id).attachments.length);
  for (const image of selected.slice(0, room)) {
    rememberImage({ id: image.imageId, ...image });
    attachKnown(id, image);
  }
  if (selected.length > room) {
    notify.warning(`A message holds ${limits.imagesPerMessage} images: ${room} of ${selected.length} were attached.`);
  }
  clearSelection();
  showPane('chat');
}
