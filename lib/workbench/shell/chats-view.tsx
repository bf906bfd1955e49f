'use client';

import { MessagesSquare, SquarePen } from 'lucide-react';
import { CommandButton } from '../commands/command-button';
import { useConversations } from '../client/use-server';
import { useStore } from '../state/create-store';
import { layoutStore } from '../state/layout';
import { Empty } from '../ui/empty';
import { ConversationRow } from './conversation-row';
import { dayGroup } from './relative-time';
import { SideHeader } from './side-header';

/** The conversations: pinned first, then by day. */
export function ChatsView() {
  const { conversations, error, loading } = useConversations('');
  const openId = useStore(layoutStore, ({ conversationId }) => conversationId);
  const groups = (['Pinned', 'Today', 'Yesterday', 'Earlier'] as const)
    .map((name) => ({
      name,
      rows: conversations.filter(
        (conversation) => (conversation.pinned ? 'Pinned' : dayGroup(conversation.updatedAt)) === name,
      ),
    }))
    .filter(({ rows }) => rows.length > 0);
  return (
    <>
      <SideHeader title="Conversations">
        <CommandButton command="file.newConversation" icon={<SquarePen />} />
      </SideHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {error ? <p className="p-2 text-xs text-high">{error}</p> : null}
        {groups.map(({ name, rows }) => (
          <section key={name} aria-label={name}>
            <h3 className="px-2 pt-2 pb-1 text-2xs font-medium text-muted">{name}</h3>
            <ul>
              {rows.map((conversation) => (
                <li key={conversation.id}>
                  <ConversationRow conversation={conversation} open={conversation.id === openId} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {!loading && !error && conversations.length === 0 ? (
          <Empty icon={MessagesSquare} title="No conversations yet">
            Drop a photo of a part into the chat and ask about it. Every conversation is kept here.
          </Empty>
        ) : null}
      </div>
    </>
  );
}
