import type { PartInfo } from '@/lib/parts/contract';
import { createStore } from '../state/create-store';
import { openTab } from '../state/editors';

export function openPart({ id, name }: Pick<PartInfo, 'id' | 'name'>): void {
  openTab({ kind: 'part', id: `part:${id}`, partId: id, name });
}

/** Images that are to become good samples of a part that is yet to be chosen; null while nothing is asked. */
export type Teaching = { imageIds: string[]; name: string; onTaught?: (part: { id: string; name: string }) => void };
export const teachingStore = createStore<Teaching | null>(null);

/** Asks of which part these images are good samples. */
export function teach(teaching: Teaching): void {
  teachingStore.set(teaching);
}
