import { ClipboardCheck, Download, Package, ScanSearch, SlidersHorizontal, Sparkles, Trash2 } from 'lucide-react';
import { useState } from 'react';
import {
  exportFormats,
  exportLabels,
  type BatchMode,
  type DatasetDetail,
  type ExportFormat,
} from '@/lib/datasets/contract';
import { ApiError } from '../../client/api';
import { closeTabsOf, openReview } from '../../state/editors';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Menu } from '../../ui/menu';
import { notify } from '../../ui/notify';
import { partsApi } from '../../parts/client';
import { openPart } from '../../parts/open-part';
import { refreshParts } from '../../parts/use-parts';
import { datasetsApi } from '../client';
import { DraftDialog } from '../drafts/draft-dialog';
import { refreshDatasets } from '../use-datasets';

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
/** Makes a part of the set's accepted normal items, or says why not. */
async function teachPart(id: string, name: string): Promise<void> {
  const part = await partsApi.create(name, []);
  try {
    await partsApi.addSamples(part.id, { datasetId: id });
  } catch (error) {
    await partsApi.remove(part.id);
    throw error;
  }
  await refreshParts(part.id);
  openPart(part);
}
const start = (id: string, mode: BatchMode) => () => attempt(datasetsApi.startBatch(id, mode), id);

/** What can be done with the whole set. */
export function DatasetActions({ dataset: { id, name, counts } }: { dataset: DatasetDetail }) {
  const [deleting, setDeleting] = useState(false);
  const [drafting, setDrafting] = useState(false);
  const download = (format: ExportFormat) => () => window.location.assign(datasetsApi.exportUrl(id, format, false));
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
        disabled={counts.items === 0}
        title="Have a model draft the items' texts, for review"
        onClick={() => setDrafting(true)}
      >
        <Sparkles aria-hidden /> Draft texts
      </Button>
      <Button
        variant="secondary"
        size="sm"
        disabled={counts.scored === 0}
        onClick={() => attempt(datasetsApi.calibrate(id), id)}
      >
        <SlidersHorizontal aria-hidden /> Calibrate
      </Button>
      <Button
        variant="secondary"
        size="sm"
        disabled={counts.accepted === 0}
        title="Make a part of the accepted normal items"
        onClick={() => attempt(teachPart(id, name), id)}
      >
        <Package aria-hidden /> Teach a part
      </Button>
      <Menu
        entries={exportFormats.map((format) => ({
          id: format,
          label: exportLabels[format],
          onSelect: download(format),
        }))}
      >
        <Button variant="secondary" size="sm" disabled={counts.items === 0}>
          <Download aria-hidden /> Export
        </Button>
      </Menu>
      <Button
        size="icon"
        className="ml-auto"
        aria-label="Delete the data set"
        title="Delete the data set"
        onClick={() => setDeleting(true)}
      >
        <Trash2 />
      </Button>
      {drafting ? <DraftDialog dataset={{ id, name }} onClose={() => setDrafting(false)} /> : null}
      {deleting ? <DeleteDialog id={id} name={name} counts={counts} onClose={() => setDeleting(false)} /> : null}
    </>
  );
}

/** Labels, masks and reviews are days of work, and a deleted set does not come back: asks first. */
function DeleteDialog({
  id,
  name,
  counts,
  onClose,
}: Pick<DatasetDetail, 'id' | 'name' | 'counts'> & { onClose: () => void }) {
  const remove = async () => {
    await datasetsApi.remove(id);
    closeTabsOf((tab) => tab.kind === 'dataset' && tab.datasetId === id);
    notify.message(`${name} was deleted`);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete ${name}?`}
      description={`${counts.items.toLocaleString()} items with their masks and reviews (${counts.reviewed.toLocaleString()} reviewed) are gone for good. The files it was imported from stay.`}
    >
      <footer className="flex justify-end gap-2 p-4">
        <Button variant="secondary" onClick={onClose}>
          Keep it
        </Button>
        <Button variant="primary" onClick={() => attempt(remove(), id)}>
          Delete the data set
        </Button>
      </footer>
    </Dialog>
  );
}
