'use client';

import { Database, FolderInput } from 'lucide-react';
import { useState } from 'react';
import type { DatasetInfo } from '@/lib/datasets/contract';
import { SideHeader } from '../../shell/side-header';
import { useStore } from '../../state/create-store';
import { activeTab } from '../../state/editors';
import { layoutStore } from '../../state/layout';
import { Button } from '../../ui/button';
import { cn } from '../../ui/cn';
import { Empty } from '../../ui/empty';
import { Tooltip } from '../../ui/tooltip';
import { ImportDialog } from '../import/import-dialog';
import { openDataset } from '../open-dataset';
import { useDatasets } from '../use-datasets';

/** The side bar's list of data sets. */
export function DatasetsView() {
  const { datasets, error, loading } = useDatasets();
  const [importing, setImporting] = useState(false);
  const openId = useStore(layoutStore, (layout) => {
    const tab = activeTab(layout);
    return tab?.kind === 'dataset' ? tab.datasetId : null;
  });
  return (
    <>
      <SideHeader title="Data sets">
        <Tooltip label="Import a data set">
          <Button size="icon" aria-label="Import a data set" onClick={() => setImporting(true)}>
            <FolderInput />
          </Button>
        </Tooltip>
      </SideHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {error ? (
          <p role="alert" className="p-2 text-xs text-high">
            {error}
          </p>
        ) : null}
        <ul aria-label="Data sets">
          {datasets.map((set) => (
            <li key={set.id}>
              <DatasetRow set={set} open={set.id === openId} />
            </li>
          ))}
        </ul>
        {datasets.length === 0 && !loading && !error ? (
          <Empty icon={Database} title="No data sets yet">
            Import a folder or an archive of images to inspect all of them, review their labels and masks, and export
            them again.
            <Button variant="primary" className="mt-3" onClick={() => setImporting(true)}>
              Import a data set
            </Button>
          </Empty>
        ) : null}
      </div>
      <ImportDialog open={importing} onOpenChange={setImporting} />
    </>
  );
}

function DatasetRow({ set, open }: { set: DatasetInfo; open: boolean }) {
  const { items, normal, anomalous, reviewed } = set.counts;
  return (
    <button
      type="button"
      aria-current={open || undefined}
      onClick={() => openDataset(set)}
      className={cn('w-full rounded-md px-2 py-1.5 text-left hover:bg-hover', open && 'bg-active')}
    >
      <span className="block truncate text-fg">{set.name}</span>
      <span className="block text-2xs text-muted tabular-nums">
        {items.toLocaleString()} images · {normal.toLocaleString()} normal · {anomalous.toLocaleString()} anomalous
        {reviewed > 0 ? ` · ${reviewed.toLocaleString()} reviewed` : ''}
      </span>
    </button>
  );
}
