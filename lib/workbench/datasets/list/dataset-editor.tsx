'use client';

import { useDeferredValue, useState } from 'react';
import { SearchField } from '../../ui/search-field';
import { Select } from '../../ui/select';
import { JobStrip } from '../batch/job-strip';
import type { ItemsWanted } from '../client';
import { useDataset } from '../use-datasets';
import { CalibrationCard } from './calibration-card';
import { DatasetActions } from './dataset-actions';
import { ItemList } from './item-list';
import { useItemPages } from './item-pages';

const ORDERS: readonly { value: ItemsWanted['order']; label: string }[] = [
  { value: 'path', label: 'By path' },
  { value: 'disagreement', label: 'Likely wrong first' },
  { value: 'score', label: 'Most anomalous first' },
  { value: 'uncertainty', label: 'Uncertain first' },
];
const LABELS: readonly { value: ItemsWanted['label']; label: string }[] = [
  { value: '', label: 'All labels' },
  { value: 'normal', label: 'Normal' },
  { value: 'anomalous', label: 'Anomalous' },
  { value: 'unlabelled', label: 'Unlabelled' },
];
const MODEL_VERDICTS: readonly { value: ItemsWanted['modelVerdict']; label: string }[] = [
  { value: '', label: 'All verdicts' },
  { value: 'unsure', label: 'Model unsure' },
  { value: 'anomalous', label: 'Model: anomalous' },
  { value: 'normal', label: 'Model: normal' },
];
/** A data set: its jobs, its items, and what can be done with all of them. */
export function DatasetEditor({ datasetId }: { datasetId: string }) {
  const { dataset, error } = useDataset(datasetId);
  const [order, setOrder] = useState<ItemsWanted['order']>('path');
  const [label, setLabel] = useState<ItemsWanted['label']>('');
  const [modelVerdict, setModelVerdict] = useState<ItemsWanted['modelVerdict']>('');
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const { counts, batches } = dataset ?? {};
  const version = `${counts?.items ?? 0} ${counts?.reviewed ?? 0} ${batches?.filter(({ state }) => state === 'done').length ?? 0}`;
  const { items, total, error: listError, reach } = useItemPages(datasetId, { order, label, modelVerdict, q }, version);
  if (dataset === null) {
    return (
      <p role={error ? 'alert' : 'status'} className="p-4 text-muted">
        {error ?? 'Loading…'}
      </p>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-dataset={datasetId}>
      <div className="flex flex-wrap items-center gap-1.5 border-b border-line px-3 py-1.5">
        <SearchField
          label="Search by path"
          value={text}
          onChange={setText}
          className="h-7 w-auto min-w-40 flex-1 text-xs"
        />
        <Select aria-label="Label" value={label} onChange={setLabel} options={LABELS} />
        <Select aria-label="Model verdict" value={modelVerdict} onChange={setModelVerdict} options={MODEL_VERDICTS} />
        <Select aria-label="Order" value={order} onChange={setOrder} options={ORDERS} />
        <DatasetActions dataset={dataset} />
      </div>
      <JobStrip dataset={dataset} />
      {dataset.calibration ? <CalibrationCard report={dataset.calibration} /> : null}
      {listError ? (
        <p role="alert" className="p-3 text-xs text-high">
          {listError}
        </p>
      ) : null}
      <p role="status" className="px-3 py-1 text-2xs text-muted tabular-nums">
        {total.toLocaleString()} {total === 1 ? 'item' : 'items'}
        {dataset.counts.scored > 0 ? ` · ${dataset.counts.scored.toLocaleString()} of the set inspected` : ''}
      </p>
      <ItemList items={items} total={total} threshold={dataset.threshold} onReach={reach} />
    </div>
  );
}
