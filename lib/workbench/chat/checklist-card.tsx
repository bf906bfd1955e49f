'use client';

import { ClipboardCopy, Download, Ellipsis, ListChecks } from 'lucide-react';
import { notify } from '../ui/notify';
import type { ChecklistPart } from '@/lib/assistant/contract';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { Menu } from '../ui/menu';
import type { ChatSession } from './session';
import { copyText } from './copy-text';

/** A checklist as Markdown task items under their group headings. */
export function checklistMarkdown({ title, items }: ChecklistPart): string {
  const groups = [...new Set(items.map(({ group }) => group))];
  const body = groups.map((group) => {
    const lines = items
      .filter((item) => item.group === group)
      .map(({ done, text }) => `- [${done ? 'x' : ' '}] ${text}`);
    return [group ? `### ${group}\n` : '', ...lines].filter(Boolean).join('\n');
  });
  return `## ${title}\n\n${body.join('\n\n')}\n`;
}

/** Impact or actions as items to tick off; ticks are stored with the conversation and go into its exports. */
export function ChecklistCard({
  session,
  messageId,
  checklist,
}: {
  session: ChatSession;
  messageId: string;
  checklist: ChecklistPart;
}) {
  const { items, title } = checklist;
  const groups = [...new Set(items.map(({ group }) => group))];
  const done = items.filter((item) => item.done).length;
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([checklistMarkdown(checklist)], { type: 'text/markdown' }));
    link.download = `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.md`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <section aria-label={title} className="my-2 rounded-lg border border-line bg-app">
      <header className="flex items-center gap-2 border-b border-line py-1 pr-1 pl-2.5">
        <ListChecks className="size-4 text-muted" aria-hidden />
        <h4 className="flex-1 text-xs font-semibold text-strong">{title}</h4>
        <span className="text-2xs text-muted tabular-nums">
          {done} of {items.length}
        </span>
        <Menu
          entries={[
            {
              id: 'copy',
              label: 'Copy as Markdown',
              icon: <ClipboardCopy />,
              onSelect: () => void copyText(checklistMarkdown(checklist)),
            },
            { id: 'save', label: 'Download as Markdown', icon: <Download />, onSelect: save },
          ]}
        >
          <Button size="icon" aria-label={`Export ${title}`}>
            <Ellipsis />
          </Button>
        </Menu>
      </header>
      <div className="space-y-2 p-2.5">
        {groups.map((group) => (
          <fieldset key={group} className="space-y-1.5">
            {group ? (
              <legend className="mb-1 text-2xs font-semibold tracking-wide text-muted uppercase">{group}</legend>
            ) : null}
            {items
              .filter((item) => item.group === group)
              .map((item) => (
                <Checkbox
                  key={item.id}
                  checked={item.done}
                  onChange={(next) => {
                    session.tick(messageId, item.id, next).catch((error: unknown) => {
                      notify.error(error instanceof Error ? error.message : String(error));
                    });
                  }}
                >
                  <span className={item.done ? 'text-muted line-through' : ''}>{item.text}</span>
                </Checkbox>
              ))}
          </fieldset>
        ))}
      </div>
    </section>
  );
}
