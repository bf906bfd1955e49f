'use client';

import type { ReactNode } from 'react';
import { useStore } from '../state/create-store';
import { layoutStore, type SideView } from '../state/layout';
import { BenchmarksView } from '../benchmarks/benchmarks-view';
import { ChatsView } from './chats-view';
import { ExplorerView } from './explorer-view';
import { SearchView } from './search-view';

const VIEWS: Record<SideView, () => ReactNode> = {
  chats: ChatsView,
  explorer: ExplorerView,
  search: SearchView,
  benchmarks: BenchmarksView,
};

/** The side bar with the chosen view. */
export function SideBar() {
  const View = VIEWS[useStore(layoutStore, ({ sideView }) => sideView)];
  return (
    <aside data-part="side" aria-label="Side bar" className="flex h-full min-h-0 flex-col bg-app">
      <View />
    </aside>
  );
}
