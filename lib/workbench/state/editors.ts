import { layoutStore, type EditorGroup, type EditorTab, type Layout } from './layout';

const MAX_GROUPS = 3;

const withGroup = (layout: Layout, index: number, change: (group: EditorGroup) => EditorGroup): EditorGroup[] =>
  layout.groups.map((group, at) => (at === index ? change(group) : group));

/** Opens a tab in the active group, or shows it where it is open. `beside` opens it in the next group. */
export function openTab(tab: EditorTab, options: { beside?: boolean } = {}): void {
  layoutStore.set((layout) => {
    const holding = layout.groups.findIndex((group) => group.tabs.some(({ id }) => id === tab.id));
    if (holding >= 0 && !options.beside) {
      return {
        ...layout,
        chatMaximised: false,
        pane: 'editor',
        activeGroup: holding,
        groups: withGroup(layout, holding, (group) => ({ ...group, activeId: tab.id })),
      };
    }
    const split = options.beside ? splitGroups(layout) : layout;
    return {
      ...split,
      chatMaximised: false,
      pane: 'editor',
      groups: withGroup(split, split.activeGroup, (group) => ({
        ...group,
        activeId: tab.id,
        // The welcome page gives way to the first thing opened.
        tabs: [
          ...group.tabs.filter(({ id, kind }) => id !== tab.id && (kind !== 'welcome' || tab.kind === 'welcome')),
          tab,
        ],
      })),
    };
  });
}

export function openImage(image: { imageId: string; name: string }, options?: { beside?: boolean }): void {
  openTab({ kind: 'image', id: `image:${image.imageId}`, ...image }, options);
}

/** Opens the review of a data set. The chat gives its room to the picture. */
export function openReview(dataset: { datasetId: string; name: string }): void {
  openTab({ kind: 'review', id: `review:${dataset.datasetId}`, ...dataset });
  layoutStore.set((layout) => ({ ...layout, chat: false, sideBar: true, sideView: 'review' }));
}

export function openChatTab(conversationId: string): void {
  openTab({ kind: 'chat', id: `chat:${conversationId}`, conversationId });
}

/** Closes a tab; an emptied group goes too, unless it is the last. */
export function closeTab(groupIndex: number, tabId: string): void {
  layoutStore.set((layout) => {
    const group = layout.groups[groupIndex];
    if (!group) {
      return layout;
    }
    const at = group.tabs.findIndex(({ id }) => id === tabId);
    const tabs = group.tabs.filter(({ id }) => id !== tabId);
    if (tabs.length === 0 && layout.groups.length > 1) {
      const groups = layout.groups.filter((_, index) => index !== groupIndex);
      return { ...layout, groups, activeGroup: Math.min(layout.activeGroup, groups.length - 1) };
    }
    const next = group.activeId === tabId ? (tabs[Math.min(at, tabs.length - 1)]?.id ?? null) : group.activeId;
    return { ...layout, groups: withGroup(layout, groupIndex, () => ({ ...group, tabs, activeId: next })) };
  });
}

export function closeActiveTab(): void {
  const { groups, activeGroup } = layoutStore.get();
  const active = groups[activeGroup]?.activeId;
  if (active) {
    closeTab(activeGroup, active);
  }
}

export function closeAllTabs(): void {
  layoutStore.set((layout) => ({ ...layout, groups: [{ id: 'group-1', tabs: [], activeId: null }], activeGroup: 0 }));
}

/** Closes the tabs of a conversation or image that is gone. */
export function closeTabsOf(gone: (tab: EditorTab) => boolean): void {
  const { groups } = layoutStore.get();
  for (let index = groups.length - 1; index >= 0; index -= 1) {
    groups[index]?.tabs.filter(gone).forEach((tab) => closeTab(index, tab.id));
  }
}

export function activateTab(groupIndex: number, tabId: string): void {
  layoutStore.set((layout) => ({
    ...layout,
    activeGroup: groupIndex,
    groups: withGroup(layout, groupIndex, (group) => ({ ...group, activeId: tabId })),
  }));
}

/** Moves to the next (1) or previous (-1) tab of the active group, round and round. */
export function cycleTab(step: 1 | -1): void {
  const { groups, activeGroup } = layoutStore.get();
  const group = groups[activeGroup];
  if (!group || group.tabs.length === 0) {
    return;
  }
  const at = group.tabs.findIndex(({ id }) => id === group.activeId);
  const next = group.tabs[(at + step + group.tabs.length) % group.tabs.length];
  if (next) {
    activateTab(activeGroup, next.id);
  }
}

export function focusGroup(index: number): void {
  layoutStore.set((layout) =>
    index < layout.groups.length ? { ...layout, activeGroup: index, pane: 'editor' } : layout,
  );
}

/** Moves a tab before another tab (null: to the end) of a group. */
export function moveTab(tabId: string, fromGroup: number, toGroup: number, beforeId: string | null): void {
  layoutStore.set((layout) => {
    const tab = layout.groups[fromGroup]?.tabs.find(({ id }) => id === tabId);
    if (!tab || tabId === beforeId) {
      return layout;
    }
    const groups = layout.groups.map((group, index) => {
      const rest = group.tabs.filter(({ id }) =>
        index === toGroup ? id !== tabId : index !== fromGroup || id !== tabId,
      );
      if (index !== toGroup) {
        return {
          ...group,
          tabs: rest,
          activeId: group.activeId === tabId && index === fromGroup ? (rest.at(-1)?.id ?? null) : group.activeId,
        };
      }
      const at = beforeId ? rest.findIndex(({ id }) => id === beforeId) : rest.length;
      return { ...group, tabs: [...rest.slice(0, at), tab, ...rest.slice(at)], activeId: tabId };
    });
    const kept = groups.filter((group) => group.tabs.length > 0);
    const target = groups[toGroup];
    return {
      ...layout,
      groups: kept,
      activeGroup: Math.max(
        0,
        kept.findIndex(({ id }) => id === target?.id),
      ),
    };
  });
}

/** Splits the editor area: the active tab shows in a new group beside. */
export function splitEditor(): void {
  const { groups, activeGroup } = layoutStore.get();
  const tab = groups[activeGroup]?.tabs.find(({ id }) => id === groups[activeGroup]?.activeId);
  if (tab) {
    openTab(tab, { beside: true });
  }
}

/** The active tab of the active group. */
export function activeTab(layout: Layout): EditorTab | null {
  const group = layout.groups[layout.activeGroup];
  return group?.tabs.find(({ id }) => id === group.activeId) ?? null;
}

function splitGroups(layout: Layout): Layout {
  const at = layout.activeGroup + 1;
  if (layout.groups.length >= MAX_GROUPS || at < layout.groups.length) {
    return { ...layout, activeGroup: Math.min(at, layout.groups.length - 1) };
  }
  const id = `group-${Math.max(...layout.groups.map((group) => Number(group.id.split('-')[1]) || 0)) + 1}`;
  return { ...layout, activeGroup: at, groups: [...layout.groups, { id, tabs: [], activeId: null }] };
}
