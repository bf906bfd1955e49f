import { ListChecks } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ChecklistPart } from '@/lib/contract';

type Item = ChecklistPart['items'][number];

/** Headings of the items in the order in which they first occur; an item without one has ''. */
export const groupsOf = (items: readonly Item[]): string[] => [...new Set(items.map(({ group }) => group))];

/**
 * The card of a checklist: how much is done, and its items under their headings. `children` draws an item, `actions`
 * stand beside the title.
 */
export function ChecklistFrame({
  checklist: { title, items },
  actions,
  children,
}: {
  checklist: ChecklistPart;
  actions?: ReactNode;
  children: (item: Item) => ReactNode;
}) {
  return (
    <section aria-label={title} className="my-2 rounded-lg border border-line bg-app">
      <header className="flex min-h-9 items-center gap-2 border-b border-line py-1 pr-1 pl-2.5">
        <ListChecks className="size-4 text-muted" aria-hidden />
        <h3 className="flex-1 text-xs font-semibold text-strong">{title}</h3>
        <span className="pr-1.5 text-2xs text-muted tabular-nums">
          {items.filter(({ done }) => done).length} of {items.length} done
        </span>
        {actions}
      </header>
      <div className="space-y-3 p-2.5">
        {groupsOf(items).map((group) => (
          <div key={group}>
            {group ? <h4 className="mb-1 text-2xs font-semibold tracking-wide text-muted uppercase">{group}</h4> : null}
            <ul className="space-y-1.5">
              {items
                .filter((item) => item.group === group)
                .map((item) => (
                  <li key={item.id}>{children(item)}</li>
                ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
