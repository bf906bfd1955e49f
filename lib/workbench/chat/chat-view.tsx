'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { OFFLINE_MESSAGE } from '../client/api-error';
import { answeringStore } from '../state/answering';
import { createStore, useStore } from '../state/create-store';
import { Button } from '../ui/button';
import { Composer } from './composer';
import { EmptyChat } from './empty-chat';
import type { ChatSession } from './session';
import type { SessionState } from './session-state';
import { findSession, isFresh, sessionIds } from './session-registry';
import { openSession } from './open-session';

const MessageList = dynamic(() => import('./message-list').then((module) => module.MessageList), {
  ssr: false,
  loading: () => <Loading />,
});

const NOT_LOADED = createStore<Pick<SessionState, 'phase' | 'error'> & { started: boolean }>({
  phase: 'loading',
  error: null,
  started: false,
});

function Loading() {
  return <div className="flex-1" aria-busy aria-label="Loading the conversation" />;
}

/**
 * The session of a conversation as soon as its code is here. One that the server knows is loaded at once; `failed`: its
 * code was not.
 */
function useSession(conversationId: string): { session: ChatSession | null; failed: boolean; retry: () => void } {
  useStore(sessionIds, (ids) => ids.includes(conversationId));
  const [attempt, setAttempt] = useState(0);
  const [failedAttempt, setFailedAttempt] = useState(-1);
  useEffect(() => {
    if (!isFresh(conversationId)) {
      openSession(conversationId).catch(() => setFailedAttempt(attempt));
    }
  }, [conversationId, attempt]);
  return {
    session: findSession(conversationId),
    failed: failedAttempt === attempt,
    retry: () => setAttempt((count) => count + 1),
  };
}

/**
 * One conversation: messages and composer. Shown in the chat pane or as an editor tab; both share the session. The code
 * that talks to the server and draws answers comes after the composer: a question can be written while it loads.
 */
export function ChatView({ conversationId }: { conversationId: string }) {
  const { session, failed, retry } = useSession(conversationId);
  const phase = useStore(session?.state ?? NOT_LOADED, (state) => state.phase);
  const error = useStore(session?.state ?? NOT_LOADED, (state) => state.error);
  const started = useStore(session?.state ?? NOT_LOADED, (state) => state.started);
  const answering = useStore(answeringStore, (all) => all[conversationId] ?? false);

  if (session ? phase === 'failed' : failed) {
    return (
      <div className="flex flex-1 flex-col items-center justify-center gap-3 p-6 text-center" role="alert">
        <p className="max-w-80">{session ? error?.message : OFFLINE_MESSAGE}</p>
        <Button variant="secondary" onClick={() => (session ? void session.load() : retry())}>
          Try again
        </Button>
      </div>
    );
  }
  const missing = phase === 'missing' && new URLSearchParams(window.location.search).get('c') === conversationId;
  return (
    <div
      className="flex min-h-0 flex-1 flex-col bg-editor"
      data-conversation={conversationId}
      data-status={answering ? 'answering' : phase === 'loading' && !isFresh(conversationId) ? 'loading' : 'ready'}
    >
      {session && started ? (
        <MessageList session={session} />
      ) : isFresh(conversationId) || phase === 'missing' || phase === 'ready' ? (
        <EmptyChat conversationId={conversationId} missing={missing} />
      ) : (
        <Loading />
      )}
      <Composer conversationId={conversationId} started={started} answering={answering} />
    </div>
  );
}
