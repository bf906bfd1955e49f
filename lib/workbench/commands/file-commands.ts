import { exportConversation, startConversation } from '../chat/conversation-actions';
import { addFiles } from '../chat/drafts';
import { chooseFiles } from '../shell/choose-files';
import * as editors from '../state/editors';
import * as layout from '../state/layout';
import { onSession } from './on-session';
import type { Command } from './registry';

async function attachImages(): Promise<void> {
  const id = layout.layoutStore.get().conversationId ?? startConversation();
  layout.showPane('chat');
  addFiles(id, await chooseFiles());
}

/** Conversations as files, and the editors they open in. */
export const fileCommands: readonly Command[] = [
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
];
