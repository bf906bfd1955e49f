import type { DatasetInfo } from '@/lib/datasets/contract';
import { openTab } from '../state/editors';

/** Opens a data set in the editor. */
export function openDataset({ id, name }: Pick<DatasetInfo, 'id' | 'name'>): void {
  openTab({ kind: 'dataset', id: `dataset:${id}`, datasetId: id, name });
}
