'use client';

import dynamic from 'next/dynamic';
import type { ComponentType } from 'react';
import { useStore } from '../state/create-store';
import { layoutStore, type SideView } from '../state/layout';
import { ChatsView } from './chats-view';

const ExplorerView = dynamic(() => import('./explorer-view').then((module) => module.ExplorerView), { ssr: false });
const SearchView = dynamic(() => import('./search-view').then((module) => module.SearchView), { ssr: false });
const ReviewSide = dynamic(() => import('../review/review-side').then((module) => module.ReviewSide), { ssr: false });
const BenchmarksView = dynamic(() => import('../benchmarks/benchmarks-view').then((module) => module.BenchmarksView), {
  ssr: false,
});

const DatasetsView = dynamic(() => import('../datasets/list/datasets-view').then((module) => module.DatasetsView), {
  ssr: false,
});

const PartsView = dynamic(() => import('../parts/parts-view').then((module) => module.PartsView), { ssr: false });

const VIEWS: Record<SideView, ComponentType> = {
  chats: ChatsView,
  explorer: ExplorerView,
  search: SearchView,
  datasets: DatasetsView,
  parts: PartsView,
  benchmarks: BenchmarksView,
  review: ReviewSide,
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
