'use client';

import { Tabs } from 'radix-ui';
import { X } from 'lucide-react';
import { useStore } from '../state/create-store';
import { imageStore, listProblems } from '../state/images';
import { layoutStore, showPanelView, togglePanel, type PanelView } from '../state/layout';
import { Button } from '../ui/button';
import { OutputView } from './output-view';
import { ProblemsView } from './problems-view';
import { TimingsView } from './timings-view';

const VIEWS: readonly { view: PanelView; title: string }[] = [
  { view: 'problems', title: 'Problems' },
  { view: 'output', title: 'Output' },
  { view: 'timings', title: 'Timings' },
];

/** The bottom panel. */
export function BottomPanel() {
  const view = useStore(layoutStore, ({ panelView }) => panelView);
  const count = useStore(imageStore, (images) => listProblems(images).length);
  return (
    <section data-part="panel" aria-label="Panel" className="h-full min-h-0">
      <Tabs.Root
        value={view}
        onValueChange={(next) => {
          const chosen = VIEWS.find((candidate) => candidate.view === next);
          if (chosen) {
            showPanelView(chosen.view);
          }
        }}
        className="flex h-full min-h-0 flex-col bg-app"
      >
        <div className="flex h-8.5 shrink-0 items-center border-b border-line pr-2 pl-3">
          <Tabs.List aria-label="Panel views" className="flex h-full flex-1 gap-4">
            {VIEWS.map(({ view: value, title }) => (
              <Tabs.Trigger
                key={value}
                value={value}
                className="flex h-full items-center gap-1.5 border-b border-transparent text-xs text-muted hover:text-fg data-[state=active]:border-accent data-[state=active]:text-strong"
              >
                {title}
                {value === 'problems' && count > 0 ? (
                  <span className="rounded-full bg-active px-1.5 text-2xs text-fg tabular-nums">{count}</span>
                ) : null}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <Button size="icon" className="max-md:hidden" aria-label="Close the panel" onClick={togglePanel}>
            <X />
          </Button>
        </div>
        <Tabs.Content value="problems" className="min-h-0 flex-1 overflow-y-auto">
          <ProblemsView />
        </Tabs.Content>
        <Tabs.Content value="output" className="min-h-0 flex-1">
          <OutputView />
        </Tabs.Content>
        <Tabs.Content value="timings" className="min-h-0 flex-1 overflow-auto">
          <TimingsView />
        </Tabs.Content>
      </Tabs.Root>
    </section>
  );
}
