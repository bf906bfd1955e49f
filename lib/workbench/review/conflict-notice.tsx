'use client';

import { TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { AnnotationState } from '@/lib/datasets/contract';
import { Button } from '../ui/button';
import { resolveConflict, type OpenItem } from './item-store';
import { LABEL_NAMES, VERDICT_NAMES } from './wording';

function Version({ title, state, masked }: { title: string; state: AnnotationState; masked: string }) {
  return (
    <div className="min-w-0 flex-1 rounded border border-line bg-editor p-2">
      <p className="text-2xs font-medium text-muted">{title}</p>
      <p className="truncate text-strong">
        {state.verdict ? VERDICT_NAMES[state.verdict] : 'Not reviewed'}, {LABEL_NAMES[state.label]}
        {state.defectType ? `: ${state.defectType}` : ''}
      </p>
      <p className="text-2xs text-muted">{masked}</p>
      {state.description ? <p className="truncate text-xs">{state.description}</p> : null}
    </div>
  );
}

/** Somebody came first: both versions, and which one to go on with. Nothing was stored or lost. */
export function ConflictNotice({ open }: { open: OpenItem }) {
  const { conflict, item, edits, document } = open;
  const firstRef = useRef<HTMLButtonElement | null>(null);
  useEffect(() => firstRef.current?.focus(), []);
  if (!conflict) {
    return null;
  }
  const last = conflict.current.reviews.at(-1);
  const { annotation } = item;
  const yours: AnnotationState = {
    ...annotation,
    label: edits.label ?? annotation.label,
    defectType: edits.defectType === undefined ? annotation.defectType : edits.defectType,
    description: edits.text?.description === undefined ? annotation.description : edits.text.description,
    verdict: conflict.verdict,
  };
  return (
    <div
      role="alertdialog"
      aria-label="Somebody else changed this item"
      data-conflict
      className="border-b border-line bg-mid-soft p-3 text-xs"
    >
      <p className="flex items-center gap-2 font-medium text-strong">
        <TriangleAlert className="size-4 text-mid" aria-hidden />
        {last?.reviewer?.name ?? 'Somebody'} reviewed this item while you did. Yours was not stored.
      </p>
      <div className="mt-2 flex gap-2 max-sm:flex-col">
        <Version
          title="Stored now"
          state={conflict.current.annotation}
          masked={conflict.current.annotation.maskId === item.annotation.maskId ? 'mask unchanged' : 'mask changed'}
        />
        <Version title="Yours" state={yours} masked={document.isChanged ? 'mask edited' : 'mask unchanged'} />
      </div>
      <div className="mt-2 flex gap-2">
        <Button ref={firstRef} variant="primary" size="sm" onClick={() => resolveConflict(item.id, 'theirs')}>
          Take what is stored
        </Button>
        <Button variant="secondary" size="sm" onClick={() => resolveConflict(item.id, 'mine')}>
          Keep my edits and decide again
        </Button>
      </div>
    </div>
  );
}
