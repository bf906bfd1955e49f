'use client';

import { useStore } from '../state/create-store';
import { layoutStore } from '../state/layout';
import { ChatsView } from './chats-view';
import { ExplorerView } from './explorer-view';
import { SearchView } from './search-view';

/** The side bar with the chosen view. */
export function SideBar() {
  const view = useStore(layoutStore, ({ sideView }) => sideView);
  return (
    <aside data-part="side" aria-label="Side bar" className="flex h-full min-h-0 flex-col bg-app">
      {view === 'chats' ? <ChatsView /> : view === 'explorer' ? <ExplorerView /> : <SearchView />}
    </aside>
  );
}
