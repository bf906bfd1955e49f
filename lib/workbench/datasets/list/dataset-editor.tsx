'use client';

import { ClipboardCheck, Download, ScanSearch, SlidersHorizontal, Trash2 } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { notify } from '../../ui/notify';
import type { BatchMode, DatasetDetail, ExportFormat } from '@/lib/datasets/contract';
import { ApiError } from '../../client/api';
import { closeTabsOf, openReview } from '../../state/editors';
import { Button } from '../../ui/button';
import { Menu } from '../../ui/menu';
import { Select } from '../../ui/select';
import { JobStrip } from '../batch/job-strip';
import { datasetsApi, type ItemsWanted } from '../client';
import { refreshDatasets, useDataset } from '../use-datasets';
import { CalibrationCard } from './calibration-card';
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
const EXPORTS: readonly { format: ExportFormat; label: string }[] = [
  { format: 'coco', label: 'COCO' },
  { format: 'yolo', label: 'YOLO (outlines)' },
  { format: 'mvtec', label: 'MVTec layout with masks' },
  { format: 'label-studio', label: 'Label Studio JSON' },
  { format: 'llava', label: 'Instruction data (LLaVA)' },
  { format: 'reviews-csv', label: 'Reviews as CSV' },
];

/** Says what failed; what worked shows by itself. */
function attempt(work: Promise<unknown>, id: string): void {
  work.then(
    () => refreshDatasets(id),
    (error: unknown) => notify.error(error instanceof ApiError ? error.message : String(error)),
  );
}

const withReferences = async (id: string) => {
  const { imageIds } = await datasetsApi.acceptedReferences(id);
  await datasetsApi.startBatch(id, 'references', imageIds);
};
const start = (id: string, mode: BatchMode) => () => attempt(datasetsApi.startBatch(id, mode), id);

/** A data set: its jobs, its items, and what can be done with all of them. */
export function DatasetEditor({ datasetId }: { datasetId: string }) {
  const { dataset, error } = useDataset(datasetId);
  const [order, setOrder] = useState<ItemsWanted['order']>('path');
  const [label, setLabel] = useState<ItemsWanted['label']>('');
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const { counts, batches } = dataset ?? {};
  const version = `${counts?.items ?? 0} ${counts?.reviewed ?? 0} ${batches?.filter(({ state }) => state === 'done').length ?? 0}`;
  const { items, total, error: listError, reach } = useItemPages(datasetId, { order, label, q }, version);
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
        <input
          type="search"
          aria-label="Search by path"
          placeholder="Search by path"
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
          className="h-7 w-40 min-w-0 flex-1 rounded-md border border-line-strong bg-input px-2 text-xs placeholder:text-muted"
        />
        <Select aria-label="Label" value={label} onChange={setLabel} options={LABELS} />
        <Select aria-label="Order" value={order} onChange={setOrder} options={ORDERS} />
        <Actions dataset={dataset} />
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

function Actions({ dataset: { id, name, counts } }: { dataset: DatasetDetail }) {
  const download = (format: ExportFormat) => () => window.location.assign(datasetsApi.exportUrl(id, format, false));
  const remove = async () => {
    await datasetsApi.remove(id);
    closeTabsOf((tab) => tab.kind === 'dataset' && tab.datasetId === id);
    notify.message(`${name} was deleted`);
  };
  return (
    <>
      <Menu
        entries={[
          { id: 'mutual', label: 'Compare the images with each other', onSelect: start(id, 'mutual') },
          { id: 'zero', label: 'Each image alone (zero-shot)', onSelect: start(id, 'zero_shot') },
          {
            id: 'references',
            label: 'With accepted normals as references',
            onSelect: () => attempt(withReferences(id), id),
          },
        ]}
      >
        <Button variant="secondary" size="sm" disabled={counts.items === 0}>
          <ScanSearch aria-hidden /> Inspect
        </Button>
      </Menu>
      <Button
        variant="secondary"
        size="sm"
        disabled={counts.items === 0}
        onClick={() => openReview({ datasetId: id, name })}
      >
        <ClipboardCheck aria-hidden /> Review
      </Button>
      <Button
        variant="secondary"
        size="sm"
        disabled={counts.scored === 0}
        onClick={() => attempt(datasetsApi.calibrate(id), id)}
      >
        <SlidersHorizontal aria-hidden /> Calibrate
      </Button>
      <Menu entries={EXPORTS.map(({ format, label }) => ({ id: format, label, onSelect: download(format) }))}>
        <Button variant="secondary" size="sm" disabled={counts.items === 0}>
          <Download aria-hidden /> Export
        </Button>
      </Menu>
      <Button size="icon" aria-label="Delete the data set" onClick={() => attempt(remove(), id)}>
        <Trash2 />
      </Button>
    </>
  );
}
