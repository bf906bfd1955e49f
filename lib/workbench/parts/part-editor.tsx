'use client';

import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { PartDetail } from '@/lib/parts/contract';
import { closeTabsOf } from '../state/editors';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { Dialog } from '../ui/dialog';
import { partsApi } from './client';
import { PartCorrections } from './part-corrections';
import { PartFields } from './part-fields';
import { PartSamples } from './part-samples';
import { PartThreshold } from './part-threshold';
import { attempt, usePart } from './use-parts';

const BANKS: Record<PartDetail['bank'], string> = {
  ready: 'Ready: images that look like it are compared with it.',
  building: 'Its samples are being read …',
  empty: 'It has no good sample yet: add one.',
};

/** A part: what it is, its samples, its threshold, and the corrections. */
export function PartEditor({ partId }: { partId: string }) {
  const { part, error } = usePart(partId);
  const [deleting, setDeleting] = useState(false);
  if (part === null) {
    return (
      <p role={error ? 'alert' : 'status'} className="p-4 text-muted">
        {error ?? 'Loading…'}
      </p>
    );
  }
  const remove = async () => {
    if (await attempt(() => partsApi.remove(partId))) {
      closeTabsOf((tab) => tab.kind === 'part' && tab.partId === partId);
    }
  };
  return (
    <div className="flex-1 overflow-y-auto" data-part-editor={partId}>
      <div className="mx-auto max-w-3xl space-y-6 px-4 py-5 sm:px-8">
        <header className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <h2 className="truncate text-xl font-semibold text-strong">{part.name}</h2>
            <p className="text-xs text-muted" role="status">
              {BANKS[part.bank]}
            </p>
          </div>
          {part.own ? (
            <Button size="icon" aria-label="Delete the part" onClick={() => setDeleting(true)}>
              <Trash2 />
            </Button>
          ) : null}
        </header>
        <PartFields key={part.version} part={part} />
        <Checkbox
          checked={part.shared}
          disabled={!part.own}
          onChange={(shared) => void attempt(() => partsApi.change(part.id, part.version, { shared }), part.id)}
        >
          <span className={part.own ? 'text-xs' : 'text-xs text-muted'}>
            Everybody with an account here may compare with it{part.own ? '' : ' (its maker decides)'}
          </span>
        </Checkbox>
        <PartSamples part={part} kind="golden" />
        <PartThreshold part={part} />
        <PartSamples part={part} kind="defect" />
        <PartCorrections part={part} />
      </div>
      <Dialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete the part ${part.name}?`}
        description="Conversations that compared with it stay, with their images. Samples that nothing else uses go for good after a week."
      >
        <div className="flex justify-end gap-2 p-4">
          <Button onClick={() => setDeleting(false)}>Keep it</Button>
          <Button variant="danger" onClick={() => void remove()}>
            Delete
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
