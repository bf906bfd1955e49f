'use client';

import { ClipboardCopy, Download, Ellipsis } from 'lucide-react';
import { notify } from '../ui/notify';
import type { ChecklistPart } from '@/lib/contract';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { Menu } from '../ui/menu';
import { ChecklistFrame, groupsOf } from './checklist-frame';
import type { ChatSession } from './session';
import { copyText } from './copy-text';

/** A checklist as Markdown task items under their group headings. */
function checklistMarkdown({ title, items }: ChecklistPart): string {
  const body = groupsOf(items).map((group) => {
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
  const { title } = checklist;
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([checklistMarkdown(checklist)], { type: 'text/markdown' }));
    link.download = `${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.md`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <ChecklistFrame
      checklist={checklist}
      actions={
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
      }
    >
      {(item) => (
        <Checkbox
          checked={item.done}
          onChange={(next) => {
            session.tick(messageId, item.id, next).catch((error: unknown) => {
              notify.error(error instanceof Error ? error.message : String(error));
            });
          }}
        >
          <span className={item.done ? 'text-muted line-through' : ''}>{item.text}</span>
        </Checkbox>
      )}
    </ChecklistFrame>
  );
}
