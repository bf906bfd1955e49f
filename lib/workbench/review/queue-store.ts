import type { QueueFilter, QueueRow, Verdict } from '@/lib/datasets/contract';
import { createStore } from '../state/create-store';
import { reviewApi } from './api';

export type QueueOrder = 'path' | 'score' | 'disagreement' | 'uncertainty';

/** The queue of the set under review. Rows stay where they are when they are decided, so that going back finds them. */
export type Queue = {
  datasetId: string;
  filter: QueueFilter;
  order: QueueOrder;
  rows: readonly QueueRow[];
  cursor: string | null;
  total: number;
  progress: { items: number; reviewed: number };
  /** Index of the item that is shown. */
  index: number;
  state: 'loading' | 'ready' | 'failed';
  error: string | null;
};

export const queueStore = createStore<Queue | null>(null);

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const change = (datasetId: string, part: Partial<Queue> | ((queue: Queue) => Partial<Queue>)) =>
  queueStore.set((queue) =>
    queue?.datasetId === datasetId ? { ...queue, ...(typeof part === 'function' ? part(queue) : part) } : queue,
  );

/** Loads a queue from its start. What was asked last wins. */
export async function openQueue(datasetId: string, wanted: { filter: QueueFilter; order: QueueOrder }): Promise<void> {
  const begun: Queue = {
    datasetId,
    ...wanted,
    rows: [],
    cursor: null,
    total: 0,
    progress: { items: 0, reviewed: 0 },
    index: 0,
    state: 'loading',
    error: null,
  };
  queueStore.set(begun);
  try {
    const { rows, cursor, total, progress } = await reviewApi.queue(datasetId, wanted.filter, wanted.order, null);
    if (queueStore.get() === begun) {
      queueStore.set({
        ...begun,
        rows,
        cursor,
        total: total ?? rows.length,
        progress: progress ?? begun.progress,
        state: 'ready',
      });
    }
  } catch (error) {
    if (queueStore.get() === begun) {
      queueStore.set({ ...begun, state: 'failed', error: messageOf(error) });
    }
  }
}

let loadingMore: string | null = null;

/** Loads the next page, if there is one. */
export async function loadMore(): Promise<void> {
  const queue = queueStore.get();
  if (!queue || queue.cursor === null || loadingMore === queue.cursor) {
    return;
  }
  const { datasetId, filter, order, cursor } = queue;
  loadingMore = cursor;
  try {
    const page = await reviewApi.queue(datasetId, filter, order, cursor);
    change(datasetId, (now) =>
      now.cursor === cursor ? { rows: [...now.rows, ...page.rows], cursor: page.cursor } : {},
    );
  } catch (error) {
    change(datasetId, { error: messageOf(error) });
  } finally {
    loadingMore = null;
  }
}

/** Rows before the end at which the next page is fetched. */
const AHEAD = 20;

export function selectItem(index: number): void {
  const queue = queueStore.get();
  if (!queue || queue.rows.length === 0) {
    return;
  }
  const next = Math.min(queue.rows.length - 1, Math.max(0, index));
  queueStore.set({ ...queue, index: next });
  if (next > queue.rows.length - AHEAD) {
    void loadMore();
  }
}

/** Goes to the next (1) or previous (-1) item. */
export function stepItem(step: 1 | -1): void {
  selectItem((queueStore.get()?.index ?? 0) + step);
}

/** Shows in the list what was decided, and counts it. */
export function noteVerdict(
  itemId: string,
  decided: Pick<QueueRow, 'label' | 'defectType'> & { verdict: Verdict | null },
): void {
  queueStore.set((queue) => {
    const before = queue?.rows.find(({ id }) => id === itemId);
    if (!queue || !before) {
      return queue;
    }
    const step = Number(decided.verdict !== null) - Number(before.verdict !== null);
    return {
      ...queue,
      rows: queue.rows.map((row) => (row.id === itemId ? { ...row, ...decided } : row)),
      progress: { ...queue.progress, reviewed: queue.progress.reviewed + step },
    };
  });
}

/** The row that is shown. */
export function currentRow(queue: Queue | null): QueueRow | null {
  return queue?.rows[queue.index] ?? null;
}
