'use client';

import { CircleSlash, Copy, RotateCw, Share2, Unplug } from 'lucide-react';
import { Fragment, lazy, memo, Suspense } from 'react';
import type { ChatMessage, TimingsPart } from '@/lib/contract';
import { CompareButton } from '../engines/compare-button';
import { EngineNote } from '../engines/engine-note';
import { openSharing } from '../state/sharing';
import { Button } from '../ui/button';
import { Tooltip } from '../ui/tooltip';
import { cardOf } from './answer-cards';
import { BranchSwitcher } from './branch-switcher';
import { copyText } from './copy-text';
import { Failure } from './failure';
import { ImageCard } from './image-card';
import { NoticeCard } from './notice-card';
import type { ChatSession } from './session';
import { textOf } from './tree';
import { useAnswerImages } from './use-answer-images';

const SheetCard = lazy(() => import('./sheet-card'));

const PartLine = lazy(() => import('../parts/part-line'));

// The Markdown parser is a fifth of the page's code and nothing needs it before the first answer.
const Markdown = lazy(() => import('./markdown'));

const NOTES = {
  stopped: { icon: CircleSlash, text: 'You stopped this answer.' },
  interrupted: {
    icon: Unplug,
    text: 'The server ended while this answer was written. What came is kept; write it again for the rest.',
  },
} as const;

function timingText({ firstTokenMs, tokens, tokensPerSecond }: TimingsPart): string {
  return [
    firstTokenMs === undefined ? null : `first word after ${(firstTokenMs / 1000).toFixed(1)} s`,
    `${tokens} tokens`,
    tokensPerSecond === undefined ? null : `${Math.round(tokensPerSecond)} tokens/s`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/**
 * An answer: the inspected images with masks, the words, findings, checklists, sources, and what can be done with it.
 */
export const AnswerMessage = memo(function AnswerMessage({
  session,
  message,
  streaming,
  busy,
}: {
  session: ChatSession;
  message: ChatMessage;
  streaming: boolean;
  busy: boolean;
}) {
  const images = useAnswerImages(message);
  const text = textOf(message);
  const state = message.metadata?.state ?? 'complete';
  const note = !streaming && (state === 'stopped' || state === 'interrupted') ? NOTES[state] : null;
  // The latest word on it: a fallback comes after the engine that was asked.
  const engine = message.parts.findLast((part) => part.type === 'data-engine');
  const sheet = message.parts.find((part) => part.type === 'data-sheet');
  const timings = message.parts.find((part) => part.type === 'data-timings');
  return (
    <article
      aria-label="LookTwice"
      data-message={message.id}
      data-role="assistant"
      data-state={streaming ? 'running' : state}
      className="group pb-2"
    >
      {sheet?.type === 'data-sheet' ? (
        <Suspense>
          <SheetCard part={sheet.data} />
        </Suspense>
      ) : null}
      {images.map(({ image, masks, inspection }) => (
        <ImageCard key={image.imageId} image={image} masks={masks} busy={streaming && text === ''}>
          {inspection === null ? null : (
            <PartLine
              inspection={inspection}
              masks={masks}
              name={image.name}
              disabled={busy}
              onChoose={(part) => void session.regenerate(message, { part })}
            />
          )}
        </ImageCard>
      ))}
      {message.parts.map((part, index) =>
        part.type === 'data-notice' && part.data.kind === 'unsure' ? (
          <NoticeCard key={index} notice={part.data} conversationId={session.id} />
        ) : null,
      )}
      {text ? (
        <Suspense
          fallback={
            <p dir="auto" className="leading-6 whitespace-pre-wrap">
              {text}
            </p>
          }
        >
          <Markdown text={text} />
        </Suspense>
      ) : null}
      {message.parts.map((part, index) =>
        part.type === 'data-notice' && part.data.kind !== 'unsure' ? (
          <NoticeCard key={index} notice={part.data} conversationId={session.id} />
        ) : null,
      )}
      {message.parts.map((part, index) => (
        <Fragment key={index}>{cardOf(part, { session, messageId: message.id })}</Fragment>
      ))}
      {engine?.type === 'data-engine' ? <EngineNote engine={engine.data} /> : null}
      {note ? (
        <p className="mt-2 flex items-start gap-1.5 text-xs text-muted">
          <note.icon className="mt-0.5 size-3.5 shrink-0" aria-hidden />
          <span>{note.text}</span>
        </p>
      ) : null}
      {!streaming && state === 'failed' ? (
        <Failure
          message={message.metadata?.error?.message ?? 'This answer failed.'}
          onRetry={() => void session.regenerate(message)}
        />
      ) : null}
      {streaming ? null : (
        <div className="mt-1 flex h-6.5 items-center gap-0.5">
          <BranchSwitcher session={session} message={message} disabled={busy} />
          <Tooltip label="Copy the answer">
            <Button size="icon" aria-label="Copy answer" onClick={() => void copyText(text)}>
              <Copy />
            </Button>
          </Tooltip>
          <Tooltip label="Write another answer">
            <Button
              size="icon"
              aria-label="Regenerate answer"
              disabled={busy}
              onClick={() => void session.regenerate(message)}
            >
              <RotateCw />
            </Button>
          </Tooltip>
          <CompareButton session={session} message={message} disabled={busy} />
          <Tooltip label="Share up to this answer">
            <Button
              size="icon"
              aria-label="Share up to this answer"
              disabled={busy}
              onClick={() => openSharing(session.id, session.state.get().title, message.id)}
            >
              <Share2 />
            </Button>
          </Tooltip>
          {timings?.type === 'data-timings' ? (
            <span className="ml-1 truncate text-2xs text-muted opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100">
              {timingText(timings.data)}
            </span>
          ) : null}
        </div>
      )}
    </article>
  );
});
