'use client';

import { Fragment, useEffect } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { contributionOf } from '../contributions';
import type { TabOf } from '../contributions/contribution';
import { useStore } from '../state/create-store';
import { focusGroup } from '../state/editors';
import { layoutStore, type EditorGroup, type EditorTab } from '../state/layout';
import { Breadcrumbs } from './breadcrumbs';
import { SplitDrop } from './split-drop';
import { Watermark } from './watermark';
import { TabBar } from './tab-bar';

function Content<Kind extends EditorTab['kind']>({ tab, active }: { tab: TabOf<Kind>; active: boolean }) {
  const { Editor } = contributionOf<Kind>(tab);
  return <Editor tab={tab} active={active} />;
}

function GroupView({ group, index, active }: { group: EditorGroup; index: number; active: boolean }) {
  const tab = group.tabs.find(({ id }) => id === group.activeId);
  const focus = () => {
    if (!active) {
      focusGroup(index);
    }
  };
  return (
    <section
      aria-label={`Editor group ${index + 1}`}
      className="flex h-full min-h-0 min-w-0 flex-col bg-editor"
      onFocusCapture={focus}
      onPointerDownCapture={focus}
    >
      {group.tabs.length > 0 ? <TabBar group={group} index={index} active={active} /> : null}
      {tab ? (
        <div
          id={`editor-${group.id}`}
          role="tabpanel"
          aria-labelledby={`tab-${group.id}-${tab.id}`}
          className="relative flex min-h-0 flex-1 flex-col"
        >
          <Breadcrumbs tab={tab} />
          <Content tab={tab} active={active} />
          <SplitDrop group={index} />
        </div>
      ) : (
        <Watermark />
      )}
    </section>
  );
}

/** The editor groups side by side. */
export function EditorArea() {
  const { groups, activeGroup } = useStore(layoutStore, (layout) => ({
    groups: layout.groups,
    activeGroup: layout.activeGroup,
  }));
  useEffect(() => {
    const tab = groups[activeGroup]?.tabs.find(({ id }) => id === groups[activeGroup]?.activeId);
    document.title =
      tab?.kind === 'image' || tab?.kind === 'dataset' || tab?.kind === 'part'
        ? `${tab.name} · LookTwice`
        : 'LookTwice';
  }, [groups, activeGroup]);
  return (
    <main data-part="editor" aria-label="Editor" className="h-full min-h-0">
      <Group orientation="horizontal" id="editor-groups">
        {groups.map((group, index) => (
          <Fragment key={group.id}>
            {index > 0 ? <Separator className="w-px" /> : null}
            <Panel id={group.id} minSize="180px">
              <GroupView group={group} index={index} active={index === activeGroup} />
            </Panel>
          </Fragment>
        ))}
      </Group>
    </main>
  );
}
