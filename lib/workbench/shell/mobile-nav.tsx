'use client';

import { CircleAlert, Image as ImageIcon, MessageSquare, MessagesSquare, type LucideIcon } from 'lucide-react';
import { useStore } from '../state/create-store';
import { imageStore, listProblems } from '../state/images';
import { layoutStore, showPane, type Pane } from '../state/layout';
import { cn } from '../ui/cn';

const PANES: readonly { pane: Pane; label: string; icon: LucideIcon }[] = [
  { pane: 'side', label: 'Browse', icon: MessagesSquare },
  { pane: 'chat', label: 'Chat', icon: MessageSquare },
  { pane: 'editor', label: 'Image', icon: ImageIcon },
  { pane: 'panel', label: 'Problems', icon: CircleAlert },
];

/** On narrow screens one pane shows at a time; this chooses it. */
export function MobileNav() {
  const shown = useStore(layoutStore, ({ pane }) => pane);
  const problems = useStore(imageStore, (images) => listProblems(images).length);
  return (
    <nav aria-label="Panes" className="flex shrink-0 border-t border-line bg-app pb-[env(safe-area-inset-bottom)]">
      {PANES.map(({ pane, label, icon: Icon }) => (
        <button
          key={pane}
          type="button"
          aria-current={pane === shown ? 'page' : undefined}
          onClick={() => showPane(pane)}
          className={cn(
            'relative flex h-13 flex-1 flex-col items-center justify-center gap-0.5 text-2xs text-muted',
            pane === shown && 'text-link',
          )}
        >
          <Icon className="size-5" aria-hidden />
          {label}
          {pane === 'panel' && problems > 0 ? (
            <span className="absolute top-1 left-1/2 ml-2 rounded-full bg-high-soft px-1 text-[0.625rem] leading-4 text-high tabular-nums">
              {problems}
            </span>
          ) : null}
        </button>
      ))}
    </nav>
  );
}
