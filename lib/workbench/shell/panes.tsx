'use client';

import dynamic from 'next/dynamic';
import { Fragment } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { useNarrow } from '../hooks/use-narrow';
import { useStore } from '../state/create-store';
import { layoutStore } from '../state/layout';
import { ActivityBar } from './activity-bar';
import { ChatPane } from './chat-pane';
import { EditorArea } from './editor-area';
import { MobileNav } from './mobile-nav';
import { NarrowSide } from './narrow-side';
import { SideBar } from './side-bar';

const BottomPanel = dynamic(() => import('./panel').then((module) => module.BottomPanel), {
  ssr: false,
  loading: () => <section data-part="panel" aria-label="Panel" aria-busy className="h-full bg-app" />,
});

/** The parts between title bar and status bar: side by side, or one at a time on a narrow screen. */
export function Panes() {
  return useNarrow() ? <NarrowPanes /> : <WidePanes />;
}

function NarrowPanes() {
  const pane = useStore(layoutStore, (layout) => layout.pane);
  return (
    <>
      <div className="min-h-0 flex-1" {...(pane === 'editor' ? {} : { role: 'main' })}>
        {pane === 'side' ? (
          <NarrowSide />
        ) : pane === 'editor' ? (
          <EditorArea />
        ) : pane === 'panel' ? (
          <BottomPanel />
        ) : (
          <ChatPane />
        )}
      </div>
      <MobileNav />
    </>
  );
}

function WidePanes() {
  const { sideBar, chat, chatMaximised, zen } = useStore(layoutStore, (layout) => ({
    zen: layout.zen === true,
    sideBar: layout.sideBar && !layout.zen,
    chat: layout.chat && !layout.zen,
    chatMaximised: layout.chatMaximised,
  }));
  const editor = !(chat && chatMaximised);
  const ids = [...(sideBar ? ['side'] : []), ...(editor ? ['middle'] : []), ...(chat ? ['chat'] : [])];
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id: 'looktwice.columns', panelIds: ids });
  const panels: Record<string, { size: string; min: string; max?: string; keep: boolean; node: React.ReactNode }> = {
    side: { size: '248px', min: '170px', max: '45%', keep: true, node: <SideBar /> },
    middle: { size: '', min: '280px', keep: false, node: <MiddleColumn /> },
    chat: { size: '468px', min: '320px', keep: editor, node: <ChatPane /> },
  };
  return (
    <div className="flex min-h-0 flex-1">
      {zen ? null : <ActivityBar />}
      <Group
        orientation="horizontal"
        className="min-w-0 flex-1"
        {...(defaultLayout ? { defaultLayout } : {})}
        onLayoutChanged={onLayoutChanged}
      >
        {ids.map((id, index) => {
          const panel = panels[id];
          return panel ? (
            <Fragment key={id}>
              {index > 0 ? <Separator className="w-px" aria-label={`Resize ${id}`} /> : null}
              <Panel
                id={id}
                minSize={panel.min}
                {...(panel.size && panel.keep ? { defaultSize: panel.size } : {})}
                {...(panel.max ? { maxSize: panel.max } : {})}
                groupResizeBehavior={panel.keep ? 'preserve-pixel-size' : 'preserve-relative-size'}
              >
                {panel.node}
              </Panel>
            </Fragment>
          ) : null;
        })}
      </Group>
    </div>
  );
}

function MiddleColumn() {
  const panel = useStore(layoutStore, (layout) => layout.panel && !layout.zen);
  const ids = panel ? ['editors', 'panel'] : ['editors'];
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id: 'looktwice.rows', panelIds: ids });
  return (
    <Group orientation="vertical" {...(defaultLayout ? { defaultLayout } : {})} onLayoutChanged={onLayoutChanged}>
      <Panel id="editors" minSize="120px">
        <EditorArea />
      </Panel>
      {panel ? (
        <>
          <Separator className="h-px" aria-label="Resize panel" />
          <Panel id="panel" minSize="90px" defaultSize="200px" groupResizeBehavior="preserve-pixel-size">
            <BottomPanel />
          </Panel>
        </>
      ) : null}
    </Group>
  );
}
