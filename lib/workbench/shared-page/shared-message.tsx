import { BookOpen, ImageIcon, ListChecks, Square, SquareCheckBig } from 'lucide-react';
import type { ChecklistPart, Source } from '@/lib/assistant/contract';
import type { SharedMessage } from '@/lib/sharing/shared-view';
import { FindingsTable } from '../chat/findings-table';
import Markdown from '../chat/markdown';
import { sharedImageUrl } from './image-url';
import { PictureFigure } from './picture-figure';

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
        <p className="max-w-[85%] rounded-xl rounded-br-sm bg-accent-soft px-3 py-1.5 wrap-anywhere whitespace-pre-wrap text-strong">
          {message.text}
        </p>
      ) : null}
    </article>
  );
}

function Checklist({ checklist: { title, items } }: { checklist: ChecklistPart }) {
  const groups = [...new Set(items.map(({ group }) => group))];
  return (
    <section aria-label={title} className="my-2 rounded-lg border border-line bg-app">
      <h3 className="flex items-center gap-2 border-b border-line px-2.5 py-1.5 text-xs font-semibold text-strong">
        <ListChecks className="size-4 text-muted" aria-hidden />
        <span className="flex-1">{title}</span>
        <span className="text-2xs font-normal text-muted tabular-nums">
          {items.filter(({ done }) => done).length} of {items.length} done
        </span>
      </h3>
      <div className="space-y-2 p-2.5">
        {groups.map((group) => (
          <div key={group}>
            {group ? <h4 className="mb-1 text-2xs font-semibold tracking-wide text-muted uppercase">{group}</h4> : null}
            <ul className="space-y-1.5">
              {items
                .filter((item) => item.group === group)
                .map(({ id, text, done }) => (
                  <li key={id} className="flex items-start gap-2">
                    {done ? (
                      <SquareCheckBig className="mt-0.5 size-4 shrink-0 text-accent" role="img" aria-label="Done" />
                    ) : (
                      <Square className="mt-0.5 size-4 shrink-0 text-muted" role="img" aria-label="Open" />
                    )}
                    <span>{text}</span>
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}

function Sources({ sources, token }: { sources: readonly Source[]; token: string }) {
  return (
    <section aria-label="Sources" className="my-2 space-y-1 text-xs">
      <h3 className="text-2xs font-semibold tracking-wide text-muted uppercase">Sources</h3>
      {sources.map((source) =>
        source.kind === 'playbook' ? (
          <details key={source.id} className="rounded-md border border-line bg-app px-2 py-1">
            <summary className="cursor-pointer">
              <BookOpen className="mr-1.5 inline size-3.5 text-muted" aria-hidden />
              {source.title}
            </summary>
            <p className="mt-1 text-muted">{source.text}</p>
          </details>
        ) : (
          <a
            key={source.id}
            href={sharedImageUrl(token, source.id, '?w=1280')}
            className="flex w-fit items-center gap-1.5 rounded-md border border-line bg-app px-2 py-1 hover:bg-hover"
          >
            <ImageIcon className="size-3.5 text-muted" aria-hidden />
            {source.title}
          </a>
        ),
      )}
    </section>
  );
}

function Answer({ message, token, originals }: { message: SharedMessage; token: string; originals: boolean }) {
  return (
    <article aria-label="Answer" className="pb-2">
      {message.pictures.map((picture) => (
        <PictureFigure key={picture.imageId} token={token} picture={picture} originals={originals} />
      ))}
      {message.text ? <Markdown text={message.text} /> : null}
      {message.findings.length > 0 ? <FindingsTable items={message.findings} /> : null}
      {message.checklists.map((checklist, index) => (
        <Checklist key={index} checklist={checklist} />
      ))}
      {message.sources.length > 0 ? <Sources sources={message.sources} token={token} /> : null}
      {message.note ? <p className="mt-2 text-xs text-muted">{message.note}</p> : null}
    </article>
  );
}

/** A question or an answer of a shared conversation; everything but zoom and mask switch is plain HTML from the server. */
export function SharedMessageView(props: { message: SharedMessage; token: string; originals: boolean }) {
  return props.message.role === 'user' ? <Question {...props} /> : <Answer {...props} />;
}
