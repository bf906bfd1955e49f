import * as editors from '../state/editors';
import * as layout from '../state/layout';
import { overlayStore } from '../state/overlay';
import { focusPartNamed } from './parts';
import type { Command } from './registry';

/** What is shown where. */
export const viewCommands: readonly Command[] = [
  {
    id: 'view.commandPalette',
    category: 'View',
    title: 'Command Palette…',
    keybindings: ['mod+shift+p', 'f1'],
    run: () => overlayStore.set('commands'),
  },
  {
    id: 'view.chats',
    category: 'View',
    title: 'Show Conversations',
    keybindings: ['mod+shift+c'],
    run: () => {
      layout.showSideView('chats');
      focusPartNamed('side');
    },
  },
  {
    id: 'view.explorer',
    category: 'View',
    title: 'Show Explorer',
    keybindings: ['mod+shift+e'],
    keywords: 'images',
    run: () => {
      layout.showSideView('explorer');
      focusPartNamed('side');
    },
  },
  {
    id: 'view.datasets',
    category: 'View',
    title: 'Show Data Sets',
    keybindings: ['mod+shift+d'],
    keywords: 'import export batch inspect',
    run: () => {
      layout.showSideView('datasets');
      focusPartNamed('side');
    },
  },
  {
    id: 'view.parts',
    category: 'View',
    title: 'Show Parts',
    keybindings: ['mod+k p'],
    keywords: 'golden samples good references threshold',
    run: () => {
      layout.showSideView('parts');
      focusPartNamed('side');
    },
  },
  {
    id: 'view.search',
    category: 'View',
    title: 'Search Conversations',
    keybindings: ['mod+shift+f'],
    run: () => {
      layout.showSideView('search');
      focusPartNamed('side');
    },
  },
  {
    id: 'view.benchmarks',
    category: 'View',
    title: 'Show Benchmarks',
    keybindings: ['mod+k b'],
    keywords: 'evaluation metrics auroc compare runs',
    run: () => {
      layout.showSideView('benchmarks');
      focusPartNamed('side');
    },
  },
  {
    id: 'view.toggleSideBar',
    category: 'View',
    title: 'Toggle Side Bar',
    keybindings: ['mod+b'],
    run: layout.toggleSideBar,
  },
  {
    id: 'view.togglePanel',
    category: 'View',
    title: 'Toggle Panel',
    keybindings: ['mod+j'],
    run: layout.togglePanel,
  },
  {
    id: 'view.toggleChat',
    category: 'View',
    title: 'Toggle Chat',
    keybindings: ['mod+alt+b'],
    keywords: 'secondary side bar',
    run: layout.toggleChat,
  },
  {
    id: 'view.maximiseChat',
    category: 'View',
    title: 'Toggle Maximised Chat',
    keybindings: ['mod+k m'],
    keywords: 'focus full',
    run: layout.toggleChatMaximised,
  },
  {
    id: 'view.zen',
    category: 'View',
    title: 'Toggle Zen Mode',
    keybindings: ['mod+k z'],
    keywords: 'distraction full focus',
    run: layout.toggleZen,
  },
  {
    id: 'view.leaveZen',
    category: 'View',
    title: 'Leave Zen Mode',
    keybindings: ['escape escape'],
    when: ({ zen }) => zen,
    run: layout.toggleZen,
  },
  {
    id: 'view.problems',
    category: 'View',
    title: 'Problems',
    keybindings: ['mod+shift+m'],
    keywords: 'regions findings anomalies',
    run: () => layout.togglePanelView('problems'),
  },
  {
    id: 'view.output',
    category: 'View',
    title: 'Output',
    keybindings: ['mod+shift+u'],
    keywords: 'log',
    run: () => layout.togglePanelView('output'),
  },
  {
    id: 'view.timings',
    category: 'View',
    title: 'Timings',
    keywords: 'performance speed',
    run: () => layout.togglePanelView('timings'),
  },
  {
    id: 'view.splitEditor',
    category: 'View',
    title: 'Split Editor',
    keybindings: ['mod+\\'],
    when: ({ hasTabs }) => hasTabs,
    run: editors.splitEditor,
  },
];
