import { findSession } from '../chat/session-registry';
import * as editors from '../state/editors';
import * as layout from '../state/layout';
import { openSharing, sharingStore } from '../state/sharing';
import { onSession } from './on-session';
import { focusPartNamed } from './parts';
import type { Command } from './registry';

/** The conversation at hand. */
export const chatCommands: readonly Command[] = [
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
];
