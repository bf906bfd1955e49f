'use client';

import dynamic from 'next/dynamic';
import { Fragment, useEffect } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { ChatView } from '../chat/chat-view';
import { useStore } from '../state/create-store';
import { focusGroup } from '../state/editors';
import { layoutStore, type EditorGroup, type EditorTab } from '../state/layout';
import { Breadcrumbs } from './breadcrumbs';
import { SplitDrop } from './split-drop';
import { Watermark } from './watermark';
import { TabBar } from './tab-bar';

const Blank = () => <div className="flex-1" aria-busy />;
const ImageEditor = dynamic(() => import('../image/image-editor').then((module) => module.ImageEditor), {
  ssr: false,
  loading: Blank,
});
const ReviewView = dynamic(() => import('../review/review-view').then((module) => module.ReviewView), {
  ssr: false,
  loading: Blank,
});
const DatasetEditor = dynamic(() => import('../datasets/list/dataset-editor').then((module) => module.DatasetEditor), {
  ssr: false,
  loading: Blank,
});
const PartEditor = dynamic(() => import('../parts/part-editor').then((module) => module.PartEditor), {
  ssr: false,
  loading: Blank,
});
const Welcome = dynamic(() => import('./welcome').then((module) => module.Welcome), { ssr: false, loading: Blank });
const SettingsEditor = dynamic(() => import('./settings-editor').then((module) => module.SettingsEditor), {
  ssr: false,
  loading: Blank,
});
const BenchmarksEditor = dynamic(
  () => import('../benchmarks/benchmarks-editor').then((module) => module.BenchmarksEditor),
  {
    ssr: false,
    loading: Blank,
  },
);
const AnswersEditor = dynamic(() => import('../engines/answers-editor').then((module) => module.AnswersEditor), {
  ssr: false,
  loading: Blank,
});
const ShortcutSheet = dynamic(() => import('./shortcut-sheet').then((module) => module.ShortcutSheet), {
  ssr: false,
  loading: Blank,
});

function Content({ tab, active }: { tab: EditorTab; active: boolean }) {
  switch (tab.kind) {
    case 'welcome':
      return <Welcome />;
    case 'settings':
      return <SettingsEditor />;
    case 'shortcuts':
      return <ShortcutSheet />;
    case 'benchmarks':
      return <BenchmarksEditor />;
    case 'dataset':
      return <DatasetEditor key={tab.datasetId} datasetId={tab.datasetId} />;
    case 'part':
      return <PartEditor key={tab.partId} partId={tab.partId} />;
    case 'image':
      return <ImageEditor key={tab.imageId} imageId={tab.imageId} active={active} />;
    case 'review':
      return <ReviewView key={tab.datasetId} datasetId={tab.datasetId} active={active} />;
    case 'answers':
      return <AnswersEditor key={tab.questionId} conversationId={tab.conversationId} questionId={tab.questionId} />;
    case 'chat':
      return <ChatView conversationId={tab.conversationId} />;
  }
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
    const title = groups[activeGroup]?.tabs.find(({ id }) => id === groups[activeGroup]?.activeId);
    document.title =
      title?.kind === 'image' || title?.kind === 'dataset' || title?.kind === 'part'
        ? `${title.name} · LookTwice`
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
