'use client';

import { useStore } from '../state/create-store';
import { layoutStore, showSideView, type SideView } from '../state/layout';
import { cn } from '../ui/cn';
import { SideBar } from './side-bar';

const VIEWS: readonly { view: SideView; title: string }[] = [
  { view: 'chats', title: 'Conversations' },
  { view: 'explorer', title: 'Images' },
  { view: 'search', title: 'Search' },
  { view: 'review', title: 'Review' },
  { view: 'datasets', title: 'Data sets' },
  { view: 'parts', title: 'Parts' },
];

/** The side bar of a narrow screen: its views as a row of buttons, since there is no activity bar. */
export function NarrowSide() {
  const shown = useStore(layoutStore, ({ sideView }) => sideView);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div role="group" aria-label="Views" className="flex gap-1 border-b border-line p-2">
        {VIEWS.map(({ view, title }) => (
          <button
            key={view}
            type="button"
            aria-pressed={view === shown}
            onClick={() => showSideView(view)}
            className={cn('h-8 flex-1 rounded-md text-muted', view === shown && 'bg-active text-strong')}
          >
            {title}
          </button>
        ))}
      </div>
      <div className="min-h-0 flex-1">
        <SideBar />
      </div>
    </div>
  );
}
