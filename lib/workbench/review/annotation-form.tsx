'use client';

import { Sparkles } from 'lucide-react';
import { useId, useState } from 'react';
import { draftFields, labels, type Label } from '@/lib/datasets/contract';
import { CommandButton } from '../commands/command-button';
import { cn } from '../ui/cn';
import { isInputMethodKey } from '../ui/composing';
import { Select } from '../ui/select';
import { DraftOffer } from './draft-offer';
import { changeItem, type Edits, type OpenItem } from './item-store';
import { TextCheck } from './text-check';
import { LABEL_NAMES } from './wording';

const FIELD_NAMES = { description: 'Description', impact: 'Impact', suggestion: 'Suggestion' } as const;
const INPUT = 'w-full rounded-md border border-line-strong bg-input px-2 py-1 text-xs text-fg placeholder:text-muted';

/** Label, type and text of the item. Edits are kept until a verdict saves them. */
export function AnnotationForm({ open, drafting }: { open: OpenItem; drafting: boolean }) {
  const id = useId();
  const { item, edits, document } = open;
  const edit = (change: Partial<Edits>) => changeItem(item.id, { edits: { ...edits, ...change } });
  const label = edits.label ?? item.annotation.label;
  const defectType = edits.defectType === undefined ? item.annotation.defectType : edits.defectType;
  return (
    <section aria-label="Annotation" className="space-y-2 p-3" aria-busy={drafting}>
      <div className="flex gap-2">
        <label className="w-32 text-2xs text-muted">
          Label
          <Select<Label>
            className="mt-0.5 w-full"
            value={label}
            onChange={(next) => edit({ label: next })}
            options={labels.map((value) => ({ value, label: LABEL_NAMES[value] }))}
          />
        </label>
        <label className="min-w-0 flex-1 text-2xs text-muted">
          Defect type
          <input
            dir="auto"
            className={`${INPUT} mt-0.5 h-7`}
            value={defectType ?? ''}
            maxLength={120}
            placeholder="none"
            onChange={(event) => edit({ defectType: event.target.value.trim() === '' ? null : event.target.value })}
          />
        </label>
      </div>
      <div className="flex items-center">
        <h3 className="flex-1 text-2xs font-medium text-muted">Text</h3>
        {drafting ? <span className="mr-1 text-2xs text-muted">The model is writing …</span> : null}
        <CommandButton command="review.draft" icon={<Sparkles />} disabled={drafting} />
      </div>
      {item.draft !== null && edits.text === undefined ? (
        <DraftOffer draft={item.draft} onUse={(text) => edit({ text })} />
      ) : null}
      {draftFields.map((field) => {
        const text = edits.text?.[field] === undefined ? (item.annotation[field] ?? '') : (edits.text[field] ?? '');
        return (
          <div key={field}>
            <label htmlFor={`${id}-${field}`} className="text-2xs text-muted">
              {FIELD_NAMES[field]}
            </label>
            <textarea
              dir="auto"
              id={`${id}-${field}`}
              data-review-field={field}
              rows={field === 'description' ? 3 : 2}
              maxLength={4000}
              // As high as its text where the browser can, and never less than its rows.
              className={cn(
                INPUT,
                'field-sizing-content max-h-40 resize-y leading-4.5',
                field === 'description' ? 'min-h-16' : 'min-h-11',
              )}
              value={text}
              onChange={(event) =>
                edit({ text: { ...edits.text, [field]: event.target.value === '' ? null : event.target.value } })
              }
              onKeyDown={leaveOnEscape}
            />
            <TextCheck text={text} document={document} />
          </div>
        );
      })}
    </section>
  );
}

/** Escape puts the focus back on the picture, where the single keys work. */
function leaveOnEscape(event: React.KeyboardEvent<HTMLElement>): void {
  if (event.key === 'Escape') {
    event.preventDefault();
    event.stopPropagation();
    document.querySelector<HTMLElement>('[data-review-stage]')?.focus();
  }
}

/** Comments on the item, and a field for one more. */
export function Comments({ open, onComment }: { open: OpenItem; onComment: (text: string) => Promise<void> }) {
  const [text, setText] = useState('');
  const send = async () => {
    const words = text.trim();
    if (words !== '') {
      await onComment(words);
      setText('');
    }
  };
  return (
    <section aria-label="Comments" className="space-y-1.5 border-t border-line p-3">
      <h3 className="text-2xs font-medium text-muted">Comments</h3>
      {open.item.comments.map((comment) => (
        <p key={comment.id} className="text-xs leading-4.5">
          <span className="font-medium text-strong">{comment.author?.name ?? 'Somebody'}</span>{' '}
          <bdi className="whitespace-pre-wrap">{comment.text}</bdi>
        </p>
      ))}
      <input
        dir="auto"
        data-review-field="comment"
        aria-label="Write a comment"
        placeholder="Write a comment, Enter sends it"
        className={`${INPUT} h-7`}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          leaveOnEscape(event);
          if (event.key === 'Enter' && !isInputMethodKey(event.nativeEvent)) {
            event.preventDefault();
            void send();
          }
        }}
      />
    </section>
  );
}
