import { CircleHelp, Square, SquareCheckBig } from 'lucide-react';
import type { ChecklistPart } from '@/lib/contract';
import type { SharedMessage } from '@/lib/sharing/shared-view';
import { ChecklistFrame } from '../chat/checklist-frame';
import { FindingsTable } from '../chat/findings-table';
import Markdown from '../chat/markdown';
import { SourceList } from '../chat/source-list';
import { DatasetTable } from '../datasets/chat/dataset-table';
import { Notice } from '../ui/notice';
import { sharedImageUrl } from './image-url';
import { PictureFigure } from './picture-figure';
import { SharedSheetView } from './shared-sheet';

function Question({ message, token }: { message: SharedMessage; token: string }) {
  return (
    <article aria-label="Question" className="flex flex-col items-end pt-4">
      {message.attachments.length > 0 ? (
        <ul className="mb-1.5 flex flex-wrap justify-end gap-1.5" aria-label="Attached images">
          {message.attachments.map(({ imageId, name, isReference }, index) => (
            <li key={index} className="relative overflow-hidden rounded-md border border-line">
              {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant that the link's token opens */}
              <img src={sharedImageUrl(token, imageId, '?w=160')} alt={name} className="size-16 object-cover" />
              {isReference ? (
                <span className="absolute inset-x-0 bottom-0 bg-black/75 text-center text-[0.625rem] text-white">
                  reference
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
      {message.text ? (
        <p
          dir="auto"
          className="max-w-[85%] rounded-xl rounded-br-sm bg-accent-soft px-3 py-1.5 wrap-anywhere whitespace-pre-wrap text-strong"
        >
          {message.text}
        </p>
      ) : null}
    </article>
  );
}

/** A checklist as it stands: a reader of a link ticks nothing off. */
function Checklist({ checklist }: { checklist: ChecklistPart }) {
  return (
    <ChecklistFrame checklist={checklist}>
      {({ text, done }) => (
        <span className="flex items-start gap-2">
          {done ? (
            <SquareCheckBig className="mt-0.5 size-4 shrink-0 text-accent" role="img" aria-label="Done" />
          ) : (
            <Square className="mt-0.5 size-4 shrink-0 text-muted" role="img" aria-label="Open" />
          )}
          <span>{text}</span>
        </span>
      )}
    </ChecklistFrame>
  );
}

function Answer({ message, token, originals }: { message: SharedMessage; token: string; originals: boolean }) {
  return (
    <article aria-label="Answer" className="pb-2">
      {message.sheets.map((sheet, index) => (
        <SharedSheetView key={index} sheet={sheet} token={token} />
      ))}
      {message.pictures.map((picture) => (
        <PictureFigure key={picture.imageId} token={token} picture={picture} originals={originals} />
      ))}
      {message.notices.map(({ text }, index) => (
        <Notice key={index} icon={CircleHelp} text={text} />
      ))}
      {message.text ? <Markdown text={message.text} /> : null}
      {message.findings.length > 0 ? <FindingsTable items={message.findings} /> : null}
      {message.datasets.map((part, index) => (
        <DatasetTable key={index} part={part} name={<span className="shrink-0 text-muted">{part.name}</span>} />
      ))}
      {message.checklists.map((checklist, index) => (
        <Checklist key={index} checklist={checklist} />
      ))}
      <SourceList
        sources={message.sources}
        image={({ id }, className, content) => (
          <a href={sharedImageUrl(token, id, '?w=1280')} className={className}>
            {content}
          </a>
        )}
      />
      {message.note ? <p className="mt-2 text-xs text-muted">{message.note}</p> : null}
    </article>
  );
}

/**
 * A question or an answer of a shared conversation; everything but zoom and mask switch is plain HTML from the server.
 */
export function SharedMessageView(props: { message: SharedMessage; token: string; originals: boolean }) {
  return props.message.role === 'user' ? <Question {...props} /> : <Answer {...props} />;
}
