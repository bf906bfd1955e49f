import { contributedCommands } from '../contributions';
import type { MenuTitle } from './registry';
import { REVIEW_MENU } from './review-commands';

type Menu = { title: MenuTitle; items: readonly (string | null)[] };

const BUILT_IN: readonly Menu[] = [
  {
    title: 'File',
    items: [
      'file.newConversation',
      'file.attach',
      null,
      'file.exportMarkdown',
      'file.exportPdf',
      'file.exportJson',
      null,
      'file.closeEditor',
      'file.reopenEditor',
      'file.closeAll',
      null,
      'preferences.settings',
      'account.open',
      'account.team',
    ],
  },
  {
    title: 'View',
    items: [
      'view.commandPalette',
      null,
      'view.chats',
      'view.explorer',
      'view.search',
      'view.datasets',
      'view.parts',
      'view.benchmarks',
      'view.review',
      null,
      'view.toggleSideBar',
      'view.togglePanel',
      'view.toggleChat',
      'view.maximiseChat',
      'view.zen',
      'view.splitEditor',
      null,
      'view.problems',
      'view.output',
      'view.timings',
      null,
      'preferences.cycleTheme',
    ],
  },
  {
    title: 'Go',
    items: [
      'go.quickOpen',
      null,
      'go.nextProblem',
      'go.previousProblem',
      null,
      'go.nextEditor',
      'go.previousEditor',
      'go.nextPart',
      null,
      'go.welcome',
    ],
  },
  {
    title: 'Chat',
    items: ['chat.focus', 'chat.openInEditor', null, 'chat.share', 'chat.links', null, 'chat.stop', 'chat.regenerate'],
  },
  {
    title: 'Image',
    items: [
      'image.inspect',
      'image.compare',
      'image.compareView',
      null,
      'image.zoomIn',
      'image.zoomOut',
      'image.fit',
      'image.actualSize',
      null,
      'image.toggleMask',
      'image.toggleHeatmap',
      'image.toggleRegions',
      'image.toggleMinimap',
      'image.toggleSidePane',
    ],
  },
  REVIEW_MENU,
  { title: 'Help', items: ['preferences.shortcuts', 'go.welcome'] },
];

const contributedTo = (title: MenuTitle): (string | null)[] => {
  const ids = contributedCommands.filter(({ menu }) => menu === title).map(({ id }) => id);
  return ids.length === 0 ? [] : [null, ...ids];
};

/** The menu bar: command ids, null for a line. */
export const MENUS: readonly Menu[] = BUILT_IN.map(({ title, items }) => ({
  title,
  items: [...items, ...contributedTo(title)],
}));
