'use client';

import { lazy, Suspense, useEffect } from 'react';
import type { ChatMessage } from '@/lib/contract';
import { FindingsCard } from '../chat/findings-card';
import { ImageCard } from '../chat/image-card';
import { NoticeCard } from '../chat/notice-card';
import { openSession } from '../chat/open-session';
import { findSession, sessionIds } from '../chat/session-registry';
import type { ChatSession } from '../chat/session';
import { textOf } from '../chat/tree';
import { useAnswerImages } from '../chat/use-answer-images';
import { answeringStore } from '../state/answering';
import { createStore, useStore } from '../state/create-store';
import { type Written, agreementText, latestOfEach, overlapOf } from './agreement';
import { EngineNote } from './engine-note';

const Markdown = lazy(() => import('../chat/markdown'));
const EMPTY = createStore<{ tree: ChatMessage[] }>({ tree: [] });

const seconds = (ms: number | null) => (ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`);

/** One engine's answer: who, how fast, what it marks, what it says. */
function Column({ session, written, first }: { session: ChatSession; written: Written; first: Written | undefined }) {
  const { message, label, firstWordMs, totalMs } = written;
  const images = useAnswerImages(message);
  const text = textOf(message);
  const overlap = first === undefined || first === written ? null : overlapOf(first.message, message);
  const engine = message.parts.findLast((part) => part.type === 'data-engine');
  const { state, error } = message.metadata ?? {};
  return (
    <section
      aria-label={label}
      data-compared={written.engine ?? 'embedded'}
      className="min-w-64 flex-1 basis-72 border-line p-4 not-first:border-l max-md:not-first:border-t max-md:not-first:border-l-0"
    >
      <h3 className="font-semibold text-strong">{label}</h3>
      <p className="mt-0.5 min-h-8 text-2xs leading-4 text-muted tabular-nums">
        first word {seconds(firstWordMs)} · all {seconds(totalMs)}
        {overlap === null || first === undefined
          ? ''
          : ` · marks overlap with ${first.label}: ${Math.round(overlap * 100)} %`}
      </p>
      <div className="mt-3">
        {images.map(({ image, masks }) => (
          <ImageCard key={image.imageId} image={image} masks={masks} busy={false} />
        ))}
        {text === '' ? null : (
          <Suspense
            fallback={
              <p dir="auto" className="leading-6 whitespace-pre-wrap">
                {text}
              </p>
            }
          >
            <Markdown text={text} />
          </Suspense>
        )}
        {state === 'failed' ? <p className="text-high">{error?.message ?? 'This answer failed.'}</p> : null}
        {message.parts.map((part, index) =>
          part.type === 'data-notice' ? (
            <NoticeCard key={index} notice={part.data} conversationId={session.id} />
          ) : null,
        )}
        {message.parts.map((part, index) =>
          part.type === 'data-findings' ? (
            <FindingsCard key={index} imageId={part.data.imageId} items={part.data.items} />
          ) : null,
        )}
        {engine?.type === 'data-engine' ? <EngineNote engine={engine.data} /> : null}
      </div>
    </section>
  );
}

/** The answers of several engines to one question, side by side, with whether they say the same. */
export function AnswersEditor({ conversationId, questionId }: { conversationId: string; questionId: string }) {
  useStore(sessionIds, (ids) => ids.includes(conversationId));
  const session = findSession(conversationId);
  useEffect(() => {
    void openSession(conversationId);
  }, [conversationId]);
  const tree = useStore(session?.state ?? EMPTY, (state) => state.tree);
  const answering = useStore(answeringStore, (all) => all[conversationId] ?? false);
  const answers = latestOfEach(
    tree.filter(({ role, metadata }) => role === 'assistant' && metadata?.parentId === questionId),
  );
  const question = tree.find(({ id }) => id === questionId);
  return (
    <div className="flex-1 overflow-y-auto" data-comparison>
      <header className="border-b border-line px-4 py-3">
        <h2 className="text-sm font-semibold text-strong">{question ? textOf(question) : 'Compared answers'}</h2>
        <p role="status" className="mt-0.5 text-xs text-muted">
          {answers.length < 2 ? 'Ask another engine to compare.' : agreementText(answers)}
          {answering ? ' Another answer is being written.' : ''}
        </p>
      </header>
      {session === null ? null : (
        <div className="flex flex-wrap max-md:flex-col">
          {answers.map((written) => (
            <Column key={written.message.id} session={session} written={written} first={answers[0]} />
          ))}
        </div>
      )}
    </div>
  );
}
