import { Sparkles, TriangleAlert } from 'lucide-react';
import { draftFields, type PendingDraft } from '@/lib/datasets/contract';
import { Button } from '../ui/button';

const FIELD_NAMES = { description: 'Description', impact: 'Impact', suggestion: 'Suggestion' } as const;

/**
 * What an engine wrote for the item in the background: read here, taken over into the fields, and stored by the verdict
 * only.
 */
export function DraftOffer({
  draft,
  onUse,
}: {
  draft: PendingDraft;
  onUse: (text: Partial<PendingDraft['text']>) => void;
}) {
  const written = draftFields.filter((field) => draft.text[field] !== null);
  return (
    <section
      aria-label="Drafted text"
      className="space-y-1.5 rounded-md border border-dashed border-line-strong bg-active/40 p-2"
    >
      <div className="flex items-center gap-2">
        <Sparkles className="size-3.5 shrink-0 text-accent" aria-hidden />
        <span className="min-w-0 flex-1 truncate text-2xs text-muted" title={draft.by}>
          Drafted by {draft.by}, not reviewed
        </span>
        <Button
          size="sm"
          variant="secondary"
          data-use-draft
          onClick={() => onUse(Object.fromEntries(written.map((field) => [field, draft.text[field]])))}
        >
          Use
        </Button>
      </div>
      {draft.contradicts ? (
        <p role="note" className="flex items-start gap-1.5 text-2xs text-mid">
          <TriangleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
          It says the opposite of the label: look yourself.
        </p>
      ) : null}
      <dl className="space-y-1 text-xs leading-4.5">
        {written.map((field) => (
          <div key={field}>
            <dt className="text-2xs text-muted">{FIELD_NAMES[field]}</dt>
            <dd dir="auto" className="max-h-32 overflow-y-auto whitespace-pre-wrap">
              {draft.text[field]}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
