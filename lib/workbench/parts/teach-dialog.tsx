'use client';

import { useId, useState, type FormEvent } from 'react';
import { imageUrl } from '../client/api';
import { useStore } from '../state/create-store';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { notify } from '../ui/notify';
import { partsApi } from './client';
import { openPart, teachingStore, type Teaching } from './open-part';
import { attempt, refreshParts, useParts } from './use-parts';

/** Asks of which part images are good samples: one that there is, or a new one. */
export function TeachDialog() {
  const teaching = useStore(teachingStore, (value) => value);
  const close = () => teachingStore.set(null);
  return (
    <Dialog
      open={teaching !== null}
      onOpenChange={(open) => open || close()}
      title={titleOf(teaching?.imageIds.length ?? 0)}
      description="Images that look like it are compared with it from then on."
    >
      {teaching === null ? null : <Choice teaching={teaching} onDone={close} />}
    </Dialog>
  );
}

const titleOf = (images: number): string =>
  images === 0 ? 'New part' : images === 1 ? 'A good sample of which part?' : 'Good samples of which part?';

const taughtText = (images: number, name: string): string =>
  images === 0 ? `Made ${name}.` : images === 1 ? `One good sample of ${name}.` : `${images} good samples of ${name}.`;

function Choice({
  teaching: { imageIds, name: suggested, onTaught },
  onDone,
}: {
  teaching: Teaching;
  onDone: () => void;
}) {
  const { parts } = useParts();
  const [name, setName] = useState(suggested);
  const [busy, setBusy] = useState(false);
  const nameId = useId();
  const done = (part: { id: string; name: string }) => {
    onDone();
    void refreshParts(part.id);
    notify.success(taughtText(imageIds.length, part.name), {
      action: { label: 'Show', onClick: () => openPart(part) },
    });
    onTaught?.(part);
  };
  const run = async (work: () => Promise<{ id: string; name: string }>) => {
    setBusy(true);
    await attempt(async () => done(await work()));
    setBusy(false);
  };
  const create = (event: FormEvent) => {
    event.preventDefault();
    void run(() => partsApi.create(name.trim(), imageIds));
  };
  const add = (id: string) =>
    run(() => partsApi.addSamples(id, { samples: imageIds.map((imageId) => ({ imageId, kind: 'golden' as const })) }));
  return (
    <div className="overflow-y-auto p-4">
      <form onSubmit={create} className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <label htmlFor={nameId} className="mb-1 block text-xs text-muted">
            {imageIds.length === 0 ? 'Name' : 'New part'}
          </label>
          <input
            id={nameId}
            dir="auto"
            autoFocus
            value={name}
            maxLength={100}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            className="h-7.5 w-full rounded-md border border-line-strong bg-input px-2 text-ui"
          />
        </div>
        <Button type="submit" variant="primary" disabled={busy || name.trim() === ''}>
          Make it
        </Button>
      </form>
      {parts.length > 0 && imageIds.length > 0 ? (
        <>
          <h3 className="mt-4 mb-1 text-xs text-muted">Or add to</h3>
          <ul aria-label="Parts" className="space-y-0.5">
            {parts.map((part) => (
              <li key={part.id}>
                <button
                  type="button"
                  disabled={busy}
                  onClick={() => void add(part.id)}
                  className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-hover"
                >
                  {part.imageId === null ? (
                    <span className="size-8 rounded bg-hover" />
                  ) : (
                    // eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image
                    <img src={imageUrl(part.imageId, 160)} alt="" className="size-8 rounded object-cover" />
                  )}
                  <span className="min-w-0 flex-1 truncate">{part.name}</span>
                  <span className="text-2xs text-muted">{part.golden} good</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
