import type { QueueRow, ReviewItem, SubmitReview, Verdict } from '@/lib/datasets/contract';
import { compressCounts } from '@/lib/segmentation/rle';
import { imageUrl } from '../client/api';
import { MaskDocument } from '../mask-editor/mask-document';
import { createStore } from '../state/create-store';
import { ConflictError, reviewApi, type ModelView } from './api';
import { noteVerdict, queueStore, selectItem } from './queue-store';

/** The text and label that the reviewer is editing; what is absent is as stored. */
export type Edits = Pick<SubmitReview, 'label' | 'defectType' | 'text'>;

export type OpenItem = {
  item: ReviewItem;
  document: MaskDocument;
  edits: Edits;
  /** What the model sees in the image; null: not asked yet. */
  model: ModelView | { error: string } | null;
  /** Somebody else changed the item: what it says now. Nothing of ours was stored. */
  conflict: { current: ReviewItem; message: string; verdict: Verdict | null } | null;
  saving: boolean;
};

type Entry = OpenItem | { error: string } | 'loading';

/** Items that were opened or prefetched. Unsaved edits live here until they are saved or the page goes. */
export const itemStore = createStore<Readonly<Record<string, Entry>>>({});

/** Verdicts of this visit, the latest last, to undo. */
const decided: { datasetId: string; itemId: string }[] = [];
/** Items kept: some behind, some ahead. Those with unsaved edits are always kept. */
const KEPT = 24;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const put = (itemId: string, entry: Entry) => itemStore.set((items) => ({ ...items, [itemId]: entry }));

export const isOpen = (entry: Entry | undefined): entry is OpenItem =>
  entry !== undefined && entry !== 'loading' && 'item' in entry;

/** The open item, if it is loaded. */
export function openItemOf(itemId: string | undefined): OpenItem | null {
  const entry = itemId === undefined ? undefined : itemStore.get()[itemId];
  return isOpen(entry) ? entry : null;
}

export function changeItem(itemId: string, part: Partial<OpenItem>): void {
  itemStore.set((items) => {
    const entry = items[itemId];
    return isOpen(entry) ? { ...items, [itemId]: { ...entry, ...part } } : items;
  });
}

/** Whether something was edited and not saved. Cheap: asked at every brush movement. */
export function hasEdits({ edits, document }: OpenItem): boolean {
  return Object.keys(edits).length > 0 || document.canUndo;
}

function open(item: ReviewItem, model: OpenItem['model'] = null): OpenItem {
  const document = new MaskDocument(item.image, item.mask);
  return { item, document, edits: {}, model, conflict: null, saving: false };
}

function forget(): void {
  itemStore.set((items) => {
    const ids = Object.keys(items);
    const gone = ids.slice(0, Math.max(0, ids.length - KEPT)).filter((id) => {
      const entry = items[id];
      return !isOpen(entry) || !hasEdits(entry);
    });
    return gone.length === 0 ? items : Object.fromEntries(Object.entries(items).filter(([id]) => !gone.includes(id)));
  });
}

/** Loads an item unless it is here. */
export async function loadItem(datasetId: string, itemId: string, { again = false } = {}): Promise<void> {
  const known = itemStore.get()[itemId];
  if (known === 'loading' || (isOpen(known) && !again)) {
    return;
  }
  put(itemId, 'loading');
  try {
    put(itemId, open(await reviewApi.item(datasetId, itemId), isOpen(known) ? known.model : null));
    forget();
  } catch (error) {
    put(itemId, { error: messageOf(error) });
  }
}

/** Fetches the following items and their pictures, so that they are there when the reviewer is. */
export function prefetch(datasetId: string, rows: readonly QueueRow[]): void {
  for (const row of rows) {
    void loadItem(datasetId, row.id);
    const picture = new Image();
    picture.src = imageUrl(row.imageId, row.width > 1280 ? 1280 : undefined);
  }
}

/**
 * Asks the model about the open item's image, once. Whoever leaves the item aborts: a browser has few connections to
 * one server, and requests that wait for the model would hold up what the reviewer is waiting for.
 */
export async function askModel(itemId: string, signal: AbortSignal): Promise<void> {
  const entry = openItemOf(itemId);
  if (!entry || (entry.model && !('error' in entry.model))) {
    return;
  }
  try {
    changeItem(itemId, { model: await reviewApi.inspect(entry.item.image.id, signal) });
  } catch (error) {
    if (!signal.aborted) {
      changeItem(itemId, { model: { error: messageOf(error) } });
    }
  }
}

/** Takes what the server answered; the mask is edited on from there. */
function store(item: ReviewItem, model: OpenItem['model']): void {
  put(item.id, open(item, model));
  const { verdict, label, defectType } = item.annotation;
  noteVerdict(item.id, { verdict, label, defectType });
}

/**
 * Saves a verdict with all edits of the item.
 * @returns whether it was stored; if not, the item says why (`conflict`), and nothing that was edited is lost
 * @throws ApiError for anything but a conflict
 */
export async function saveVerdict(
  itemId: string,
  verdict: Verdict,
  extra: Partial<Edits> & { comment?: string } = {},
): Promise<boolean> {
  const entry = openItemOf(itemId);
  if (!entry || entry.saving) {
    return false;
  }
  const { item, document, edits, model } = entry;
  document.endStroke();
  changeItem(itemId, { saving: true });
  try {
    const rle = document.isChanged ? document.toRle() : null;
    const review: SubmitReview = {
      revision: item.revision,
      verdict,
      ...edits,
      ...extra,
      ...(rle === null
        ? {}
        : { mask: document.isEmpty ? null : { size: rle.size, counts: compressCounts(rle.counts) } }),
    };
    store(await reviewApi.submit(item.datasetId, itemId, review), model);
    decided.push({ datasetId: item.datasetId, itemId });
    return true;
  } catch (error) {
    if (error instanceof ConflictError) {
      changeItem(itemId, { saving: false, conflict: { current: error.current, message: error.message, verdict } });
      return false;
    }
    changeItem(itemId, { saving: false });
    throw error;
  }
}

/**
 * After a conflict: go on from what the others made of it (`theirs`), or keep the own edits on top of it (`mine`).
 * Nothing is sent.
 */
export function resolveConflict(itemId: string, choice: 'theirs' | 'mine'): void {
  const entry = openItemOf(itemId);
  if (!entry?.conflict) {
    return;
  }
  const { current } = entry.conflict;
  if (choice === 'theirs') {
    store(current, entry.model);
  } else {
    // The own edits stay in the editor, on top of what the others made: the next verdict is made knowing both.
    const document = entry.document.isChanged ? entry.document : new MaskDocument(current.image, current.mask);
    changeItem(itemId, { item: current, document, conflict: null });
  }
}

/** Takes the last verdict of this visit back and shows its item. @returns false when there is none */
export async function undoLast(): Promise<boolean> {
  const last = decided.at(-1);
  const queue = queueStore.get();
  if (!last || queue?.datasetId !== last.datasetId) {
    return false;
  }
  const { item } = openItemOf(last.itemId) ?? { item: await reviewApi.item(last.datasetId, last.itemId) };
  const model = openItemOf(last.itemId)?.model ?? null;
  store(await reviewApi.undo(last.datasetId, last.itemId, item.revision), model);
  decided.pop();
  selectItem(queue.rows.findIndex(({ id }) => id === last.itemId));
  return true;
}
