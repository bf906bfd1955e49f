import { MessageSquare } from 'lucide-react';
import type { Contribution } from '../contributions/contribution';
import { ChatView } from './chat-view';
import { findSession } from './session-registry';

export const chatContribution: Contribution<'chat'> = {
  icon: MessageSquare,
  title: ({ conversationId }) => findSession(conversationId)?.state.get().title || 'Chat',
  // Not loaded later: the chat pane shows it from the start.
  Editor: ({ tab }) => <ChatView conversationId={tab.conversationId} />,
};
