'use client';

import { useChat } from '@ai-sdk/react';
import { ArrowDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStickToBottom } from 'use-stick-to-bottom';
import type { ChatMessage } from '@/lib/contract';
import { useStore } from '../state/create-store';
import { consentStore, engineChoiceOf, engineStore } from '../state/engines';
import { rememberMessages } from '../state/images';
import { Button } from '../ui/button';
import { AnswerMessage } from './answer-message';
import { Failure } from './failure';
import { FirstLook } from './first-look';
import { Followups } from './followups';
import { Progress, statusText } from '../ui/progress';
import type { ChatSession } from './session';
import { textOf } from './tree';
import { useAnnouncer } from './use-announcer';
import { UserMessage } from './user-message';

/** A React render at most every 50 ms while tokens stream: the eye sees no difference, the interaction latency does. */
const RENDER_EVERY_MS = 50;

/** How to go on after a request that failed: as it was, or once an engine elsewhere is allowed. */
function retryOf(session: ChatSession, code: string): { onRetry: () => void; retryLabel?: string } {
  const { engine } = engineChoiceOf(engineStore.get(), session.id);
  const onRetry = () => void session.retry();
  return code === 'consent_required' && engine !== null
    ? { onRetry: () => consentStore.set({ conversationId: session.id, engine, then: onRetry }), retryLabel: 'Allow…' }
    : { onRetry };
}

/** The visible branch. Scrolls along with a growing answer, unless the reader has scrolled away. */
export function MessageList({ session }: { session: ChatSession }) {
  const { messages, status: chatStatus } = useChat<ChatMessage>({
    chat: session.chat,
    experimental_throttle: RENDER_EVERY_MS,
  });
  const answering = chatStatus === 'submitted' || chatStatus === 'streaming';
  useEffect(() => rememberMessages(session.id, messages), [session.id, messages]);
  const status = useStore(session.state, (state) => state.status);
  const glance = useStore(session.state, (state) => state.glance);
  const error = useStore(session.state, (state) => state.error);
  const reconnecting = useStore(session.state, (state) => state.reconnecting);
  const [editingId, setEditingId] = useState<string | null>(null);
  const { scrollRef, contentRef, isAtBottom, scrollToBottom } = useStickToBottom({
    initial: 'instant',
    resize: 'instant',
  });
  const last = messages.at(-1);
  const answer = last?.role === 'assistant' ? last : null;
  const words = answer ? textOf(answer) : '';
  const speech = useAnnouncer(answer?.id ?? null, words, answering);
  const followups = !answering && answer ? answer.parts.find((part) => part.type === 'data-followups') : undefined;

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scrollRef}
        tabIndex={0}
        role="region"
        aria-label="Messages"
        className="h-full overflow-y-auto outline-none focus-visible:ring-1 focus-visible:ring-focus focus-visible:ring-inset"
      >
        <div ref={contentRef} className="mx-auto max-w-3xl px-4 py-2">
          {messages.map((message) => (
            <div key={message.id} className="[content-visibility:auto] [contain-intrinsic-size:auto_8rem]">
              {message.role === 'user' ? (
                <UserMessage
                  session={session}
                  message={message}
                  busy={answering}
                  editing={editingId === message.id}
                  onEdit={setEditingId}
                />
              ) : (
                <AnswerMessage
                  session={session}
                  message={message}
                  streaming={answering && message === last}
                  busy={answering}
                />
              )}
            </div>
          ))}
          {answering && glance ? <FirstLook glance={glance} answer={answer} /> : null}
          {answering && !words && !reconnecting ? <Progress status={status} /> : null}
          {reconnecting ? (
            <p className="my-2 animate-pulse text-xs text-mid">
              The connection broke. Waiting for the server; the answer goes on where it is…
            </p>
          ) : null}
          {/* A failed answer says so itself. */}
          {error && answer?.metadata?.state !== 'failed' ? (
            <Failure message={error.message} {...retryOf(session, error.code)} />
          ) : null}
          {followups?.type === 'data-followups' ? (
            <Followups
              items={followups.data}
              onAsk={({ prompt }) => void session.submit([{ type: 'text', text: prompt }], [])}
            />
          ) : null}
        </div>
      </div>
      {isAtBottom ? null : (
        <Button
          variant="secondary"
          size="sm"
          className="animate-rise absolute bottom-2 left-1/2 -translate-x-1/2 rounded-full shadow-(--shadow)"
          onClick={() => void scrollToBottom()}
        >
          <ArrowDown />
          Latest
        </Button>
      )}
      <div role="status" aria-live="polite" className="sr-only">
        {answering && !words ? statusText(status) : speech}
      </div>
    </div>
  );
}
