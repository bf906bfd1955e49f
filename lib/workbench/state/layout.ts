import * as z from 'zod/mini';
import { TABS } from '../contributions/tabs';
import { createStore } from './create-store';
import { persistStore } from './persist';

const tabSchema = z.discriminatedUnion('kind', TABS);
/** One editor tab. `id` is derived from what it shows, so that a thing opens once per group. */
export type EditorTab = z.infer<typeof tabSchema>;

const groupSchema = z.object({ id: z.string(), tabs: z.array(tabSchema), activeId: z.nullable(z.string()) });
/** A column of the editor area with its own tabs. */
export type EditorGroup = z.infer<typeof groupSchema>;

const layoutSchema = z.object({
  sideView: z.enum(['chats', 'explorer', 'search', 'datasets', 'parts', 'benchmarks', 'review']),
  sideBar: z.boolean(),
  panel: z.boolean(),
  panelView: z.enum(['problems', 'output', 'timings']),
  chat: z.boolean(),
  chatMaximised: z.boolean(),
  /** Nothing but the editors (VS Code's zen mode). */
  zen: z.optional(z.boolean()),
  groups: z.array(groupSchema).check(z.minLength(1), z.maxLength(3)),
  activeGroup: z.int().check(z.minimum(0)),
  conversationId: z.nullable(z.string()),
  /** The pane that narrow screens show. */
  pane: z.enum(['side', 'editor', 'chat', 'panel']),
});
/** Everything about the layout that a reload brings back (sizes are kept by the panels themselves). */
export type Layout = z.infer<typeof layoutSchema>;
export type SideView = Layout['sideView'];
export type PanelView = Layout['panelView'];
export type Pane = Layout['pane'];

export const WELCOME: EditorTab = { kind: 'welcome', id: 'welcome' };

const defaults: Layout = {
  sideView: 'chats',
  sideBar: true,
  panel: false,
  panelView: 'problems',
  chat: true,
  chatMaximised: false,
  groups: [{ id: 'group-1', tabs: [WELCOME], activeId: WELCOME.id }],
  activeGroup: 0,
  conversationId: null,
  pane: 'chat',
};

export const layoutStore = createStore<Layout>(defaults);

/** Brings back the layout of the last visit; the address decides which conversation is open. */
export function restoreLayout(): void {
  persistStore(layoutStore, 'looktwice.layout.1', layoutSchema);
  const linked = new URLSearchParams(window.location.search).get('c');
  layoutStore.set((layout) => ({
    ...layout,
    activeGroup: Math.min(layout.activeGroup, layout.groups.length - 1),
    conversationId: linked ?? layout.conversationId,
  }));
}

const patch = (change: Partial<Layout>) => layoutStore.set((layout) => ({ ...layout, ...change }));

/**
 * Shows a view of the side bar; asked for the one that shows already, hides the bar (as VS Code's activity bar does).
 */
export function toggleSideView(view: SideView): void {
  const { sideBar, sideView, pane } = layoutStore.get();
  patch({
    sideView: view,
    sideBar: !(sideBar && sideView === view && pane !== 'side') || pane === 'chat',
    pane: 'side',
    zen: false,
  });
}

export function showSideView(view: SideView): void {
  patch({ sideView: view, sideBar: true, pane: 'side', zen: false });
}

export function toggleSideBar(): void {
  patch({ sideBar: !layoutStore.get().sideBar, zen: false });
}

/** Shows a view of the bottom panel; asked for the one that shows already, hides the panel. */
export function togglePanelView(view: PanelView): void {
  const { panel, panelView } = layoutStore.get();
  patch(panel && panelView === view ? { panel: false } : { panel: true, panelView: view, pane: 'panel', zen: false });
}

export function showPanelView(view: PanelView): void {
  patch({ panel: true, panelView: view, pane: 'panel', zen: false });
}

export function togglePanel(): void {
  patch({ panel: !layoutStore.get().panel, zen: false });
}

export function toggleChat(): void {
  patch({ chat: !layoutStore.get().chat, chatMaximised: false, zen: false });
}

export function toggleChatMaximised(): void {
  patch({ chat: true, chatMaximised: !layoutStore.get().chatMaximised, pane: 'chat', zen: false });
}

/** Shows nothing but the editors, or everything again. */
export function toggleZen(): void {
  const { zen } = layoutStore.get();
  patch({ zen: !zen, ...(zen ? {} : { chatMaximised: false, pane: 'editor' }) });
}

export function showPane(pane: Pane): void {
  patch({ pane, zen: false, ...(pane === 'panel' ? { panel: true } : {}), ...(pane === 'chat' ? { chat: true } : {}) });
}

/** Puts a conversation into the address, so that a reload or a bookmark finds it; null takes it out. */
export function linkConversation(conversationId: string | null): void {
  const url = new URL(window.location.href);
  if (conversationId) {
    url.searchParams.set('c', conversationId);
  } else {
    url.searchParams.delete('c');
  }
  window.history.replaceState(null, '', url);
}

/** Opens a conversation in the chat pane. One that the server does not know yet is not linked in the address. */
export function openConversation(conversationId: string, { link }: { link: boolean }): void {
  linkConversation(link ? conversationId : null);
  patch({ conversationId, chat: true, pane: 'chat', zen: false });
}
