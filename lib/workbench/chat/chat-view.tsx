'use client';

import { useChat } from '@ai-sdk/react';
import { useEffect } from 'react';
import type { ChatMessage } from '@/lib/assistant/contract';
import { useStore } from '../state/create-store';
import { rememberMessages } from '../state/images';
import { answeringStore } from '../state/answering';
import { Button } from '../ui/button';
import { Composer } from './composer';
import { EmptyChat } from './empty-chat';
import { MessageList } from './message-list';
import type { ChatSession } from './session';
import { sessionOf } from './sessions';

/** A React render at most every 50 ms while tokens stream: the eye sees no difference, the interaction latency does. */
const RENDER_EVERY_MS = 50;

/** One conversation: messages and composer. Shown in the chat pane or as an editor tab; both share the session. */
export default function ChatView({ conversationId }: { conversationId: string }) {
  const session = sessionOf(conversationId);
  return <OpenChat key={conversationId} session={session} />;
}

function OpenChat({ session }: { session: ChatSession }) {
  const { messages, status } = useChat<ChatMessage>({ chat: session.chat, experimental_throttle: RENDER_EVERY_MS });
  const phase = useStore(session.state, (state) => state.phase);
  const error = useStore(session.state, (state) => state.error);
  const answering = status === 'submitted' || status === 'streaming';

  useEffect(() => rememberMessages(session.id, messages), [session.id, messages]);
  useEffect(() => {
    answeringStore.set((all) => ({ ...all, [session.id]: answering }));
  }, [session.id, answering]);

  if (phase === 'failed') {
    return (
      <div className="flex flex-1 flex-col items-center justify-center gap-3 p-6 text-center" role="alert">
        <p className="max-w-80">{error?.message}</p>
        <Button variant="secondary" onClick={() => void session.load()}>
          Try again
        </Button>
      </div>
    );
  }
  const linked = phase === 'missing' && new URLSearchParams(window.location.search).get('c') === session.id;
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-editor" data-conversation={session.id} data-status={status}>
      {phase === 'loading' ? (
        <div className="flex-1" aria-busy aria-label="Loading the conversation" />
      ) : messages.length === 0 ? (
        <EmptyChat conversationId={session.id} missing={linked} />
      ) : (
        <MessageList session={session} messages={messages} answering={answering} />
      )}
      <Composer session={session} messages={messages} answering={answering} />
    </div>
  );
}
