'use client';

import { useId, useState, type FormEvent } from 'react';
import type { PartDetail } from '@/lib/parts/contract';
import { Button } from '../ui/button';
import { partsApi, type PartFields as Fields } from './client';
import { attempt } from './use-parts';

const INPUT = 'h-7.5 w-full rounded-md border border-line-strong bg-input px-2 text-ui';

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

/** Name, number, material, scale and notes of a part; saved together. */
export function PartFields({ part }: { part: PartDetail }) {
  const [draft, setDraft] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const value = (name: 'name' | 'number' | 'revision' | 'material' | 'notes' | 'pxPerMm') =>
    draft[name] ?? String(part[name] ?? '');
  const set = (name: string) => (text: string) => setDraft((before) => ({ ...before, [name]: text }));
  const scale = Number(value('pxPerMm'));
  const isScaleWrong = value('pxPerMm').trim() !== '' && !(scale > 0);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const fields: Fields = {
      name: value('name').trim(),
      number: orNull(value('number')),
      revision: orNull(value('revision')),
      material: orNull(value('material')),
      notes: value('notes').trim(),
      pxPerMm: value('pxPerMm').trim() === '' ? null : scale,
    };
    if (await attempt(() => partsApi.change(part.id, part.version, fields), part.id)) {
      setDraft({});
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void save(event)} className="max-w-xl space-y-2.5">
      <Field label="Name" value={value('name')} onChange={set('name')} />
      <div className="grid grid-cols-2 gap-2.5 sm:grid-cols-4">
        <Field label="Number" value={value('number')} onChange={set('number')} />
        <Field label="Revision" value={value('revision')} onChange={set('revision')} />
        <Field label="Material" value={value('material')} onChange={set('material')} />
        <Field
          label="Scale, px per mm"
          value={value('pxPerMm')}
          onChange={set('pxPerMm')}
          problem={isScaleWrong ? 'Give a number above 0' : null}
        />
      </div>
      <Notes value={value('notes')} onChange={set('notes')} />
      {Object.keys(draft).length > 0 ? (
        <div className="flex gap-2">
          <Button
            type="submit"
            variant="primary"
            size="sm"
            disabled={busy || isScaleWrong || value('name').trim() === ''}
          >
            Save
          </Button>
          <Button size="sm" onClick={() => setDraft({})}>
            Discard
          </Button>
        </div>
      ) : null}
    </form>
  );
}

function Field({
  label,
  value,
  onChange,
  problem = null,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  problem?: string | null;
}) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block truncate text-2xs text-muted">
        {label}
      </label>
      <input
        id={id}
        dir="auto"
        value={value}
        maxLength={100}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : `${id}-problem`}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        className={INPUT}
      />
      {problem === null ? null : (
        <p id={`${id}-problem`} className="mt-0.5 text-2xs text-high">
          {problem}
        </p>
      )}
    </div>
  );
}

function Notes({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-2xs text-muted">
        Notes: what matters, which variation is allowed
      </label>
      <textarea
        id={id}
        dir="auto"
        value={value}
        rows={2}
        maxLength={4000}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        className="w-full rounded-md border border-line-strong bg-input px-2 py-1.5 text-ui"
      />
    </div>
  );
}
