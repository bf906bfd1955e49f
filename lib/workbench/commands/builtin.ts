import { exportConversation, startConversation } from '../chat/conversation-actions';
import { addFiles } from '../chat/drafts';
import { goTo } from '../client/go-to';
import { findSession } from '../chat/session-registry';
import { activeImageEditor, type ImageEditorHandle } from '../image/active-editor';
import * as editors from '../state/editors';
import * as layout from '../state/layout';
import { overlayStore } from '../state/overlay';
import { openSharing, sharingStore } from '../state/sharing';
import { changeViewer, viewerStore } from '../state/viewer';
import { chooseFiles } from '../shell/choose-files';
import { focusPart, focusPartNamed } from './parts';
import { stepProblem } from './problem-navigation';
import { REVIEW_MENU, reviewCommands } from './review-commands';
import type { Command, CommandContext } from './registry';

/** What commands need from outside the stores. */
export type CommandServices = {
  setTheme: (theme: 'system' | 'light' | 'dark' | 'high-contrast') => void;
  cycleTheme: () => void;
};

const inImage = ({ imageEditor }: CommandContext) => imageEditor;
/** A picture with zoom and layers is in front: in the image editor or in the review. */
const onStage = ({ imageEditor, review }: CommandContext) => imageEditor || review;
const onImage = (act: (editor: ImageEditorHandle) => void | Promise<void>) => () => {
  const editor = activeImageEditor.get();
  return editor ? act(editor) : undefined;
};
const onSession = (act: (id: string) => void | Promise<void>) => () => {
  const id = layout.layoutStore.get().conversationId;
  return id ? act(id) : undefined;
};

async function attachImages(): Promise<void> {
  const id = layout.layoutStore.get().conversationId ?? startConversation();
  layout.showPane('chat');
  addFiles(id, await chooseFiles());
}

/** Every command of the workbench: the one place where titles and keybindings are written down. */
export function createCommands({ setTheme, cycleTheme }: CommandServices): Command[] {
  return [
    {
      id: 'file.newConversation',
      category: 'File',
      title: 'New Conversation',
      keybindings: ['mod+alt+n'],
      keywords: 'chat start',
      run: () => void startConversation(),
    },
    {
      id: 'file.attach',
      category: 'File',
      title: 'Attach Images…',
      keybindings: ['mod+o'],
      keywords: 'open upload photo',
      run: attachImages,
    },
    {
      id: 'file.exportMarkdown',
      category: 'File',
      title: 'Export Conversation as Markdown',
      when: ({ hasMessages }) => hasMessages,
      keywords: 'save',
      run: onSession((id) => exportConversation(id, 'md')),
    },
    {
      id: 'file.exportPdf',
      category: 'File',
      title: 'Export Conversation as PDF',
      when: ({ hasMessages }) => hasMessages,
      keywords: 'save report',
      run: onSession((id) => exportConversation(id, 'pdf')),
    },
    {
      id: 'file.exportJson',
      category: 'File',
      title: 'Export Conversation as JSON',
      when: ({ hasMessages }) => hasMessages,
      keywords: 'save',
      run: onSession((id) => exportConversation(id, 'json')),
    },
    {
      id: 'file.closeEditor',
      category: 'File',
      title: 'Close Editor',
      keybindings: ['mod+k w'],
      when: ({ hasTabs }) => hasTabs,
      run: editors.closeActiveTab,
    },
    {
      id: 'file.reopenEditor',
      category: 'File',
      title: 'Reopen Closed Editor',
      keybindings: ['mod+k r'],
      run: editors.reopenTab,
    },
    {
      id: 'file.keepEditor',
      category: 'File',
      title: 'Keep Editor',
      keybindings: ['mod+k enter'],
      when: ({ hasTabs }) => hasTabs,
      keywords: 'pin preview',
      run: editors.keepActiveTab,
    },
    {
      id: 'file.closeAll',
      category: 'File',
      title: 'Close All Editors',
      keybindings: ['mod+k a'],
      when: ({ hasTabs }) => hasTabs,
      run: editors.closeAllTabs,
    },

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

    {
      id: 'go.quickOpen',
      category: 'Go',
      title: 'Go to Image or Conversation…',
      keybindings: ['mod+p'],
      keywords: 'quick open',
      run: () => overlayStore.set('files'),
    },
    {
      id: 'go.nextProblem',
      category: 'Go',
      title: 'Next Problem',
      keybindings: ['f8'],
      when: ({ hasProblems }) => hasProblems,
      run: () => stepProblem(1),
    },
    {
      id: 'go.previousProblem',
      category: 'Go',
      title: 'Previous Problem',
      keybindings: ['shift+f8'],
      when: ({ hasProblems }) => hasProblems,
      run: () => stepProblem(-1),
    },
    { id: 'go.nextPart', category: 'Go', title: 'Focus Next Part', keybindings: ['f6'], run: () => focusPart(1) },
    {
      id: 'go.previousPart',
      category: 'Go',
      title: 'Focus Previous Part',
      keybindings: ['shift+f6'],
      run: () => focusPart(-1),
    },
    {
      id: 'go.nextEditor',
      category: 'Go',
      title: 'Next Editor',
      keybindings: ['mod+k arrowright'],
      when: ({ hasTabs }) => hasTabs,
      run: () => editors.cycleTab(1),
    },
    {
      id: 'go.previousEditor',
      category: 'Go',
      title: 'Previous Editor',
      keybindings: ['mod+k arrowleft'],
      when: ({ hasTabs }) => hasTabs,
      run: () => editors.cycleTab(-1),
    },
    ...([1, 2, 3] as const).map((group): Command => ({
      id: `go.group${group}`,
      category: 'Go',
      title: `Focus Editor Group ${group}`,
      keybindings: [`mod+${group}`],
      run: () => {
        editors.focusGroup(group - 1);
        focusPartNamed('editor');
      },
    })),
    { id: 'go.welcome', category: 'Go', title: 'Welcome', run: () => editors.openTab(layout.WELCOME) },

    {
      id: 'chat.focus',
      category: 'Chat',
      title: 'Focus Composer',
      keybindings: ['mod+alt+i'],
      run: () => {
        layout.showPane('chat');
        focusPartNamed('chat');
      },
    },
    {
      id: 'chat.stop',
      category: 'Chat',
      title: 'Stop Answer',
      keybindings: ['mod+escape'],
      when: ({ answering }) => answering,
      run: onSession((id) => findSession(id)?.stop()),
    },
    {
      id: 'chat.regenerate',
      category: 'Chat',
      title: 'Regenerate Last Answer',
      when: ({ hasMessages, answering }) => hasMessages && !answering,
      keywords: 'again retry',
      run: onSession(async (id) => {
        const session = findSession(id);
        const answer = session?.chat.messages.findLast(({ role }) => role === 'assistant');
        if (session && answer) {
          await session.regenerate(answer);
        }
      }),
    },
    {
      id: 'chat.share',
      category: 'Chat',
      title: 'Share Conversation…',
      keybindings: ['mod+alt+s'],
      when: ({ hasMessages }) => hasMessages,
      keywords: 'link send colleague report',
      run: onSession((id) => openSharing(id, findSession(id)?.state.get().title ?? '')),
    },
    {
      id: 'chat.links',
      category: 'Chat',
      title: 'Shared Links…',
      keywords: 'share revoke views list',
      run: () => sharingStore.set('links'),
    },
    {
      id: 'chat.openInEditor',
      category: 'Chat',
      title: 'Open Chat in Editor',
      when: ({ hasConversation }) => hasConversation,
      run: onSession((id) => editors.openChatTab(id)),
    },

    {
      id: 'image.zoomIn',
      category: 'Image',
      title: 'Zoom In',
      keybindings: ['+', '='],
      when: onStage,
      run: onImage((editor) => editor.zoomIn()),
    },
    {
      id: 'image.zoomOut',
      category: 'Image',
      title: 'Zoom Out',
      keybindings: ['-'],
      when: onStage,
      run: onImage((editor) => editor.zoomOut()),
    },
    {
      id: 'image.fit',
      category: 'Image',
      title: 'Fit to Window',
      keybindings: ['0'],
      when: onStage,
      run: onImage((editor) => editor.fit()),
    },
    {
      id: 'image.actualSize',
      category: 'Image',
      title: 'Actual Size (1:1)',
      keybindings: ['1'],
      when: onStage,
      run: onImage((editor) => editor.actualSize()),
    },
    {
      id: 'image.toggleMask',
      category: 'Image',
      title: 'Toggle Mask',
      keybindings: ['m'],
      when: onStage,
      run: () => changeViewer({ mask: !viewerStore.get().mask }),
    },
    {
      id: 'image.toggleHeatmap',
      category: 'Image',
      title: 'Toggle Anomaly Map',
      keybindings: ['h'],
      when: onStage,
      keywords: 'heatmap',
      run: () => changeViewer({ heatmap: !viewerStore.get().heatmap }),
    },
    {
      id: 'image.toggleRegions',
      category: 'Image',
      title: 'Toggle Region Boxes',
      keybindings: ['r'],
      when: inImage,
      run: () => changeViewer({ regions: !viewerStore.get().regions }),
    },
    {
      id: 'image.toggleMinimap',
      category: 'Image',
      title: 'Toggle Minimap',
      when: inImage,
      run: () => changeViewer({ minimap: !viewerStore.get().minimap }),
    },
    {
      id: 'image.toggleSidePane',
      category: 'Image',
      title: 'Toggle Image Details',
      keybindings: ['d'],
      when: inImage,
      run: () => changeViewer({ sidePane: !viewerStore.get().sidePane }),
    },
    {
      id: 'image.compare',
      category: 'Image',
      title: 'Compare with Reference',
      keybindings: ['c'],
      when: inImage,
      keywords: 'slider normal',
      run: onImage((editor) => editor.toggleCompare()),
    },
    {
      id: 'image.inspect',
      category: 'Image',
      title: 'Inspect',
      keybindings: ['i'],
      when: inImage,
      run: onImage((editor) => editor.inspect()),
    },

    ...reviewCommands,

    {
      id: 'account.open',
      category: 'Preferences',
      title: 'Account and API Keys…',
      when: ({ team }) => team,
      keywords: 'password sign out session user',
      run: () => goTo('/account'),
    },
    {
      id: 'account.team',
      category: 'Preferences',
      title: 'Team and Audit Log…',
      when: ({ administrator }) => administrator,
      keywords: 'users invite roles people events',
      run: () => goTo('/team'),
    },
    {
      id: 'preferences.settings',
      category: 'Preferences',
      title: 'Settings',
      keybindings: ['mod+,'],
      run: () => editors.openTab({ kind: 'settings', id: 'settings' }),
    },
    {
      id: 'preferences.shortcuts',
      category: 'Preferences',
      title: 'Keyboard Shortcuts',
      keybindings: ['mod+k mod+s'],
      run: () => editors.openTab({ kind: 'shortcuts', id: 'shortcuts' }),
    },
    {
      id: 'preferences.cycleTheme',
      category: 'Preferences',
      title: 'Next Colour Theme',
      keybindings: ['mod+k t'],
      keywords: 'color',
      run: cycleTheme,
    },
    { id: 'preferences.themeLight', category: 'Preferences', title: 'Light Theme', run: () => setTheme('light') },
    { id: 'preferences.themeDark', category: 'Preferences', title: 'Dark Theme', run: () => setTheme('dark') },
    {
      id: 'preferences.themeHighContrast',
      category: 'Preferences',
      title: 'High Contrast Theme',
      run: () => setTheme('high-contrast'),
    },
    {
      id: 'preferences.themeSystem',
      category: 'Preferences',
      title: 'Follow the System Theme',
      run: () => setTheme('system'),
    },
  ];
}

/** The menu bar: command ids, null for a line. */
export const MENUS: readonly { title: string; items: readonly (string | null)[] }[] = [
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
