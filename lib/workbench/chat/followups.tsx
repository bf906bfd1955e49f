import { ArrowRight } from 'lucide-react';
import type { Followup } from '@/lib/contract';

/** Questions that what was found suggests; one click asks. */
export function Followups({ items, onAsk }: { items: readonly Followup[]; onAsk: (followup: Followup) => void }) {
  return (
    <ul aria-label="Suggested questions" className="flex flex-wrap gap-1.5 pb-2">
      {items.map((item) => (
        <li key={item.prompt}>
          <button
            type="button"
            data-followup={item.topic}
            title={item.prompt}
            onClick={() => onAsk(item)}
            className="inline-flex items-center gap-1 rounded-full border border-line-strong bg-raised px-2.5 py-1 text-xs text-fg transition-colors hover:border-accent hover:bg-accent-soft"
          >
            {item.label}
            <ArrowRight className="size-3 text-muted" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
