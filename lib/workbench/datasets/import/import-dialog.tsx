'use client';

import { useId, useState } from 'react';
import type { ImportFormat } from '@/lib/datasets/contract';
import { ApiError } from '../../client/api';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Select } from '../../ui/select';
import { datasetsApi } from '../client';
import { openDataset } from '../open-dataset';
import { refreshDatasets } from '../use-datasets';

const FORMATS: Readonly<Record<ImportFormat, string>> = {
  auto: 'Find out',
  mvtec: 'MVTec AD layout (BTAD, MPDD, WFDD)',
  visa: 'VisA',
  coco: 'COCO',
  yolo: 'YOLO (detect, segment)',
  'label-studio': 'Label Studio JSON',
  voc: 'Pascal VOC, labelImg',
  cvat: 'CVAT XML',
  labelme: 'labelme',
  via: 'VGG Image Annotator',
  supervisely: 'Supervisely',
  datumaro: 'Datumaro',
  createml: 'Create ML',
  bdd100k: 'BDD100K, Scalabel',
  isat: 'ISAT',
  vott: 'VoTT',
  darwin: 'V7 Darwin',
  sagemaker: 'SageMaker Ground Truth',
  labelbox: 'Labelbox',
  huggingface: 'Hugging Face (metadata.jsonl with objects)',
  table: 'Table (CSV)',
  llava: 'LLaVA or Anomaly-Instruct conversations',
  mmad: 'MMAD',
  aitex: 'AITEX',
  elpv: 'ELPV',
  headct: 'HeadCT',
  'yes-no': 'BrainMRI, Br35H (folders yes, no)',
  manifest: 'manifest.csv',
  folder: 'Folders normal / anomalous',
  images: 'Images without labels',
};
const OPTIONS = Object.entries(FORMATS).map(([value, label]) => ({ value: value as ImportFormat, label }));
const FIELD = 'h-7.5 w-full rounded-md border border-line-strong bg-input px-2 placeholder:text-muted';
const nameOf = (file: string) =>
  file
    .split(/[/\\]/)
    .filter(Boolean)
    .at(-1)
    ?.replace(/\.(zip|tar|tar\.gz|tgz)$/i, '') ?? '';

/** Asks for an archive or a folder of the server's machine, makes the set and begins the import. */
export function ImportDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const id = useId();
  const [source, setSource] = useState<'archive' | 'folder'>('archive');
  const [file, setFile] = useState<File | null>(null);
  const [folder, setFolder] = useState('');
  const [name, setName] = useState('');
  const [format, setFormat] = useState<ImportFormat>('auto');
  const [state, setState] = useState<{ busy: boolean; error: string | null }>({ busy: false, error: null });
  const guessed = name.trim() || nameOf(source === 'archive' ? (file?.name ?? '') : folder);
  const ready = guessed !== '' && (source === 'archive' ? file !== null : folder.trim() !== '');

  const begin = async () => {
    setState({ busy: true, error: null });
    let made: string | null = null;
    try {
      const set = await datasetsApi.create(guessed.slice(0, 120));
      made = set.id;
      if (source === 'archive' && file !== null) {
        await datasetsApi.importArchive(set.id, file, format);
      } else {
        await datasetsApi.importFolder(set.id, folder.trim(), format);
      }
      await refreshDatasets(set.id);
      setState({ busy: false, error: null });
      setFile(null);
      setName('');
      onOpenChange(false);
      openDataset(set);
    } catch (error) {
      setState({ busy: false, error: error instanceof ApiError ? error.message : String(error) });
      if (made !== null) {
        await datasetsApi.remove(made);
        await refreshDatasets();
      }
    }
  };

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Import a data set"
      description="Images with their labels, masks or conversations. What is there already is recognised and not added again."
    >
      <form
        className="flex flex-col gap-3 overflow-y-auto p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !state.busy) {
            void begin();
          }
        }}
      >
        <fieldset className="flex gap-4">
          <legend className="mb-1 text-xs text-muted">From</legend>
          {(['archive', 'folder'] as const).map((value) => (
            <label key={value} className="flex items-center gap-1.5">
              <input type="radio" name={`${id}-source`} checked={source === value} onChange={() => setSource(value)} />
              {value === 'archive' ? 'An archive (zip, tar, tar.gz)' : 'A folder of this machine'}
            </label>
          ))}
        </fieldset>
        {source === 'archive' ? (
          <label className="block">
            <span className="mb-1 block text-xs text-muted">Archive</span>
            <input
              type="file"
              accept=".zip,.tar,.gz,.tgz"
              onChange={(event) => setFile(event.target.files?.[0] ?? null)}
              className="w-full text-xs file:mr-2 file:rounded-md file:border file:border-line-strong file:bg-raised file:px-2.5 file:py-1 file:text-fg"
            />
          </label>
        ) : (
          <label className="block">
            <span className="mb-1 block text-xs text-muted">Path of the folder</span>
            <input
              value={folder}
              onChange={(event) => setFolder(event.target.value)}
              placeholder="/home/me/sets/screws"
              spellCheck={false}
              className={FIELD}
            />
          </label>
        )}
        <div className="flex gap-3">
          <label className="block min-w-0 flex-1">
            <span className="mb-1 block text-xs text-muted">Name</span>
            <input
              dir="auto"
              value={name}
              onChange={(event) => setName(event.target.value)}
              placeholder={guessed || 'Name of the set'}
              maxLength={120}
              className={FIELD}
            />
          </label>
          <label className="block min-w-0 flex-1">
            <span className="mb-1 block text-xs text-muted">Format</span>
            <Select value={format} onChange={setFormat} options={OPTIONS} className="h-7.5 w-full" />
          </label>
        </div>
        {state.error ? (
          <p role="alert" className="text-xs text-high">
            {state.error}
          </p>
        ) : null}
        <footer className="flex items-center justify-end gap-2 pt-1">
          {state.busy ? (
            <span role="status" className="mr-auto text-xs text-muted">
              {source === 'archive' ? 'Sending the archive…' : 'Starting…'}
            </span>
          ) : null}
          <Button variant="secondary" onClick={() => onOpenChange(false)}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" disabled={!ready || state.busy}>
            Import
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
