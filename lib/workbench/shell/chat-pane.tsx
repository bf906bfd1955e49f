'use client';

import { FileDown, Maximize2, Minimize2, Share2, SquareArrowOutUpRight, SquarePen, Trash2, X } from 'lucide-react';
import { useEffect } from 'react';
import { CommandButton } from '../commands/command-button';
import { useCommands } from '../commands/commands-context';
import { ChatView } from '../chat/chat-view';
import { deleteConversation, exportConversation, startConversation } from '../chat/conversation-actions';
import { findSession, sessionIds } from '../chat/session-registry';
import type { SessionState } from '../chat/session-state';
import { createStore, useStore } from '../state/create-store';
import { layoutStore, toggleChat } from '../state/layout';
import { Button } from '../ui/button';
import { Menu } from '../ui/menu';
import { Tooltip } from '../ui/tooltip';

/** The chat in the secondary side bar: title, actions, conversation. */
export function ChatPane() {
  const conversationId = useStore(layoutStore, (layout) => layout.conversationId);
  useEffect(() => {
    if (conversationId === null) {
      startConversation();
    }
  }, [conversationId]);
  return (
    <section data-part="chat" aria-label="Chat" className="flex h-full min-h-0 flex-col bg-editor">
      <ChatHeader conversationId={conversationId} />
      {conversationId ? <ChatView key={conversationId} conversationId={conversationId} /> : null}
    </section>
  );
}

const NO_SESSION = createStore({ title: '' });

/** The title of a conversation, as its session learns it. */
function useTitle(conversationId: string | null): string {
  useStore(sessionIds, (ids) => ids);
  return useStore<Pick<SessionState, 'title'>, string>(
    findSession(conversationId)?.state ?? NO_SESSION,
    ({ title }) => title,
  );
}

function ChatHeader({ conversationId }: { conversationId: string | null }) {
  const commands = useCommands();
  const title = useTitle(conversationId);
  const maximised = useStore(layoutStore, (layout) => layout.chatMaximised);
  return (
    <header className="flex h-9 shrink-0 items-center gap-0.5 border-b border-line bg-app pr-1.5 pl-3">
      <h2 className="min-w-0 flex-1 truncate text-xs font-medium text-strong">{title || 'New conversation'}</h2>
      <CommandButton command="file.newConversation" icon={<SquarePen />} />
      {conversationId && title ? <CommandButton command="chat.share" icon={<Share2 />} /> : null}
      {conversationId && title ? (
        <Menu
          entries={[
            {
              id: 'md',
              label: 'Export as Markdown',
              icon: <FileDown />,
              onSelect: () => exportConversation(conversationId, 'md'),
            },
            {
              id: 'pdf',
              label: 'Export as PDF',
              icon: <FileDown />,
              onSelect: () => exportConversation(conversationId, 'pdf'),
            },
            {
              id: 'json',
              label: 'Export as JSON',
              icon: <FileDown />,
              onSelect: () => exportConversation(conversationId, 'json'),
            },
            {
              id: 'editor',
              label: 'Open in editor',
              icon: <SquareArrowOutUpRight />,
              separator: true,
              onSelect: () => commands.run('chat.openInEditor'),
            },
            {
              id: 'delete',
              label: 'Delete',
              icon: <Trash2 />,
              separator: true,
              onSelect: () => void deleteConversation(conversationId, title),
            },
          ]}
        >
          <Button size="icon" aria-label="Export and more">
            <FileDown />
          </Button>
        </Menu>
      ) : null}
      <span className="max-md:hidden">
        <CommandButton
          command="view.maximiseChat"
          icon={maximised ? <Minimize2 /> : <Maximize2 />}
          pressed={maximised}
        />
        <Tooltip label="Hide the chat" keybinding="mod+alt+b">
          <Button size="icon" aria-label="Hide the chat" onClick={toggleChat}>
            <X />
          </Button>
        </Tooltip>
      </span>
    </header>
  );
}
