import { layoutStore, type EditorGroup, type EditorTab, type Layout } from './layout';

const MAX_GROUPS = 3;

const withGroup = (layout: Layout, index: number, change: (group: EditorGroup) => EditorGroup): EditorGroup[] =>
  layout.groups.map((group, at) => (at === index ? change(group) : group));

const isPreview = (tab: EditorTab): boolean => tab.kind === 'image' && tab.preview === true;

/**
 * The tabs of a group with `tab` at the end of them: in place of the welcome page, and of the preview if it is one too.
 */
function withTab(tabs: readonly EditorTab[], tab: EditorTab): EditorTab[] {
  return [
    ...tabs.filter(
      (other) =>
        other.id !== tab.id &&
        (other.kind !== 'welcome' || tab.kind === 'welcome') &&
        !(isPreview(tab) && isPreview(other)),
    ),
    tab,
  ];
}

/**
 * Opens a tab in the active group, or shows it where it is open. `beside` opens it in the next group. A tab that is
 * open for a look only is kept when it is opened for good.
 */
export function openTab(tab: EditorTab, options: { beside?: boolean } = {}): void {
  layoutStore.set((layout) => {
    const holding = layout.groups.findIndex((group) => group.tabs.some(({ id }) => id === tab.id));
    if (holding >= 0 && !options.beside) {
      return {
        ...layout,
        chatMaximised: false,
        pane: 'editor',
        activeGroup: holding,
        groups: withGroup(layout, holding, (group) => ({
          ...group,
          activeId: tab.id,
          tabs: isPreview(tab) ? group.tabs : group.tabs.map((open) => (open.id === tab.id ? tab : open)),
        })),
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
        tabs: withTab(group.tabs, tab),
      })),
    };
  });
}

/** Opens an image; `preview` only for a look, so that the next one takes its place. */
export function openImage(
  { imageId, name }: { imageId: string; name: string },
  { preview = false, ...options }: { beside?: boolean; preview?: boolean } = {},
): void {
  openTab({ kind: 'image', id: `image:${imageId}`, imageId, name, ...(preview ? { preview } : {}) }, options);
}

/** Keeps a tab that was open for a look only. */
export function keepTab(groupIndex: number, tabId: string): void {
  layoutStore.set((layout) => ({
    ...layout,
    groups: withGroup(layout, groupIndex, (group) => ({
      ...group,
      tabs: group.tabs.map((tab) => (tab.id === tabId && tab.kind === 'image' ? { ...tab, preview: false } : tab)),
    })),
  }));
}

export function keepActiveTab(): void {
  const { groups, activeGroup } = layoutStore.get();
  const active = groups[activeGroup]?.activeId;
  if (active) {
    keepTab(activeGroup, active);
  }
}

/** Opens the review of a data set. The chat gives its room to the picture. */
export function openReview(dataset: { datasetId: string; name: string }): void {
  openTab({ kind: 'review', id: `review:${dataset.datasetId}`, ...dataset });
  layoutStore.set((layout) => ({ ...layout, chat: false, sideBar: true, sideView: 'review' }));
}

export function openChatTab(conversationId: string): void {
  openTab({ kind: 'chat', id: `chat:${conversationId}`, conversationId });
}

const MAX_CLOSED = 20;
const closed: EditorTab[] = [];

/** Opens again the tab that was closed last. */
export function reopenTab(): void {
  const open = new Set(layoutStore.get().groups.flatMap(({ tabs }) => tabs.map(({ id }) => id)));
  let tab = closed.pop();
  while (tab && open.has(tab.id)) {
    tab = closed.pop();
  }
  if (tab) {
    openTab(tab);
  }
}

/** Closes a tab; an emptied group goes too, unless it is the last. */
export function closeTab(groupIndex: number, tabId: string): void {
  const gone = layoutStore.get().groups[groupIndex]?.tabs.find(({ id }) => id === tabId);
  if (gone && gone.kind !== 'welcome') {
    closed.push(gone);
    closed.splice(0, closed.length - MAX_CLOSED);
  }
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
  closed.push(...layoutStore.get().groups.flatMap(({ tabs }) => tabs.filter(({ kind }) => kind !== 'welcome')));
  closed.splice(0, closed.length - MAX_CLOSED);
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

/** Moves a tab into a new group at the right of its own; with three groups, to the last. */
export function moveTabBeside(tabId: string, fromGroup: number): void {
  const tab = layoutStore.get().groups[fromGroup]?.tabs.find(({ id }) => id === tabId);
  if (!tab || (layoutStore.get().groups[fromGroup]?.tabs.length ?? 0) < 2) {
    return;
  }
  layoutStore.set((layout) => ({ ...layout, activeGroup: fromGroup }));
  openTab(tab, { beside: true });
  const { groups, activeGroup } = layoutStore.get();
  if (activeGroup !== fromGroup) {
    // Not closed by the reader: it only moved, so it is none that "reopen" should bring back.
    const next = groups[fromGroup]?.tabs.filter(({ id }) => id !== tabId) ?? [];
    layoutStore.set((layout) => ({
      ...layout,
      groups: withGroup(layout, fromGroup, (group) => ({
        ...group,
        tabs: next,
        activeId: group.activeId === tabId ? (next.at(-1)?.id ?? null) : group.activeId,
      })),
    }));
  }
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
