'use client';

import { useStore } from '../state/create-store';
import { layoutStore } from '../state/layout';
import { SIDE_VIEWS } from './side-views';

/** The side bar with the chosen view. */
export function SideBar() {
  const { View } = SIDE_VIEWS[useStore(layoutStore, ({ sideView }) => sideView)];
  return (
    <aside data-part="side" aria-label="Side bar" className="flex h-full min-h-0 flex-col bg-app">
      <View />
    </aside>
  );
}
