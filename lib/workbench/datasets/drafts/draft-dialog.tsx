'use client';

import { Cloud, FileX, ScrollText } from 'lucide-react';
import { useState } from 'react';
import { type DatasetDetail, type DraftField, type DraftScope, draftFields } from '@/lib/datasets/contract';
import { ApiError } from '../../client/api';
import { useEngines } from '../../engines/use-engines';
import { Button } from '../../ui/button';
import { Checkbox } from '../../ui/checkbox';
import { Dialog } from '../../ui/dialog';
import { Select } from '../../ui/select';
import { datasetsApi } from '../client';
import { refreshDatasets } from '../use-datasets';

const FIELD_NAMES: Readonly<Record<DraftField, string>> = {
  description: 'Description: what is seen, and where',
  impact: 'Impact: what it means for the part',
  suggestion: 'Suggestion: what to do',
};
const SCOPES: readonly { value: DraftScope; label: string }[] = [
  { value: 'labelled', label: 'Items with a label' },
  { value: 'anomalous', label: 'Anomalous items' },
  { value: 'all', label: 'All items' },
];

type Props = { dataset: Pick<DatasetDetail, 'id' | 'name'>; onClose: () => void };

/** Has an engine write the texts of a set's items in the background; people review them afterwards. */
export function DraftDialog({ dataset: { id, name }, onClose }: Props) {
  const { engines } = useEngines();
  const [engineName, setEngine] = useState('embedded');
  const [fields, setFields] = useState<readonly DraftField[]>(draftFields);
  const [scope, setScope] = useState<DraftScope>('labelled');
  const [allowed, setAllowed] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const engine = engines.find((each) => each.name === engineName);
  const isRemote = engine !== undefined && engine.kind !== 'embedded';
  const mustAllow = isRemote && !engine.allowed;
  const start = async () => {
    setBusy(true);
    setError(null);
    try {
      const chosen = isRemote ? engineName : null;
      await datasetsApi.startDrafts(id, { engine: chosen, fields: [...fields], scope, allowEngine: mustAllow });
      await refreshDatasets(id);
      onClose();
    } catch (thrown) {
      setError(thrown instanceof ApiError ? thrown.message : String(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Draft texts for ${name}`}
      description="Written in the background for items that lack them. Nothing counts before it is reviewed."
      className="w-[min(94vw,32rem)]"
    >
      <div className="space-y-4 overflow-y-auto p-4">
        <div className="flex flex-wrap gap-3">
          <label className="min-w-40 flex-1 text-2xs text-muted">
            Written by
            <Select
              className="mt-0.5 w-full"
              value={engineName}
              onChange={(next) => {
                setEngine(next);
                setAllowed(false);
              }}
              options={engines.map(({ name: value, label, kind, host }) => ({
                value,
                label: kind === 'embedded' ? `${label} (on this machine)` : `${label} (${host ?? ''})`,
              }))}
            />
          </label>
          <label className="min-w-40 flex-1 text-2xs text-muted">
            For
            <Select className="mt-0.5 w-full" value={scope} onChange={setScope} options={SCOPES} />
          </label>
        </div>
        <fieldset className="space-y-1.5">
          <legend className="mb-1 text-2xs text-muted">Texts (normal items get a description only)</legend>
          {draftFields.map((field) => (
            <Checkbox
              key={field}
              checked={fields.includes(field)}
              onChange={(checked) =>
                setFields(draftFields.filter((each) => (each === field ? checked : fields.includes(each))))
              }
            >
              {FIELD_NAMES[field]}
            </Checkbox>
          ))}
        </fieldset>
        {mustAllow ? (
          <section aria-label="Consent" className="space-y-2 rounded-lg border border-mid/40 bg-mid-soft p-3">
            <p className="flex items-start gap-2">
              <Cloud className="mt-0.5 size-4 shrink-0 text-mid" aria-hidden />
              <span>
                {engine.images
                  ? `The pictures of these items go to ${engine.host ?? 'another machine'} (${engine.model ?? ''}), made smaller, with their labels, defect types and what was measured.`
                  : `Labels, defect types and what was measured go to ${engine.host ?? 'another machine'} (${engine.model ?? ''}). The pictures stay here.`}
              </span>
            </p>
            <p className="flex items-start gap-2 text-muted">
              <FileX className="mt-0.5 size-4 shrink-0" aria-hidden />
              <span>Not sent: file names, data that cameras write into files, reviews.</span>
            </p>
            <p className="flex items-start gap-2 text-muted">
              <ScrollText className="mt-0.5 size-4 shrink-0" aria-hidden />
              <span>Your consent holds for this job and is noted in the audit log.</span>
            </p>
            <Checkbox checked={allowed} onChange={setAllowed}>
              Allow it for this job
            </Checkbox>
          </section>
        ) : null}
        {error ? (
          <p role="alert" className="text-high">
            {error}
          </p>
        ) : null}
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="primary"
            data-start-drafts
            disabled={busy || fields.length === 0 || (mustAllow && !allowed)}
            onClick={() => void start()}
          >
            Start
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
