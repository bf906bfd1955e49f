'use client';

import { Copy, Pencil } from 'lucide-react';
import { memo, useState } from 'react';
import type { ChatMessage } from '@/lib/contract';
import { imageUrl } from '../client/api';
import { openImage } from '../state/editors';
import { Button } from '../ui/button';
import { isInputMethodKey } from '../ui/composing';
import { Tooltip } from '../ui/tooltip';
import { BranchSwitcher } from './branch-switcher';
import { copyText } from './copy-text';
import { describeExcess } from './excess';
import type { ChatSession } from './session';
import { textOf } from './tree';

/** Thumbnails of a question; those of a set come by a click. */
const FIRST_IMAGES = 12;

/** A question with its images. Editing asks it again; the former wording stays as a branch. */
export const UserMessage = memo(function UserMessage({
  session,
  message,
  busy,
  editing,
  onEdit,
}: {
  session: ChatSession;
  message: ChatMessage;
  busy: boolean;
  editing: boolean;
  onEdit: (id: string | null) => void;
}) {
  const [all, setAll] = useState(false);
  const images = message.parts.flatMap((part) => (part.type === 'data-image' ? [part.data] : []));
  return (
    <article aria-label="You" data-message={message.id} data-role="user" className="group flex flex-col items-end pt-2">
      {images.length > 0 ? (
        <ul className="mb-1.5 flex flex-wrap justify-end gap-1.5" aria-label="Attached images">
          {(all ? images : images.slice(0, FIRST_IMAGES)).map((image) => (
            <li key={image.imageId}>
              <button
                type="button"
                className="relative block overflow-hidden rounded-md border border-line"
                onClick={() => openImage(image)}
                aria-label={`Open ${image.name}${image.role === 'reference' ? ', a normal reference' : ''}`}
              >
                {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image */}
                <img src={imageUrl(image.imageId, 160)} alt="" className="size-16 object-cover" draggable={false} />
                {image.role === 'reference' ? (
                  <span className="absolute inset-x-0 bottom-0 bg-black/75 text-center text-[0.625rem] text-white">
                    reference
                  </span>
                ) : null}
              </button>
            </li>
          ))}
          {!all && images.length > FIRST_IMAGES ? (
            <li>
              <button
                type="button"
                className="grid size-16 place-items-center rounded-md border border-line bg-app text-xs text-muted hover:bg-hover"
                onClick={() => setAll(true)}
                aria-label={`Show ${images.length - FIRST_IMAGES} more images`}
              >
                {`+${images.length - FIRST_IMAGES}`}
              </button>
            </li>
          ) : null}
        </ul>
      ) : null}
      {editing ? (
        <Editor message={message} session={session} onDone={() => onEdit(null)} />
      ) : (
        <p
          dir="auto"
          className="max-w-[85%] rounded-xl rounded-br-sm bg-accent-soft px-3 py-1.5 wrap-anywhere whitespace-pre-wrap text-strong"
        >
          {textOf(message)}
        </p>
      )}
      <div className="mt-0.5 flex h-6.5 items-center">
        <BranchSwitcher session={session} message={message} disabled={busy} />
        <span className="flex opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 [@media(hover:none)]:opacity-100">
          <Tooltip label="Copy">
            <Button size="icon" aria-label="Copy question" onClick={() => void copyText(textOf(message))}>
              <Copy />
            </Button>
          </Tooltip>
          <Tooltip label="Edit and ask again">
            <Button size="icon" aria-label="Edit question" disabled={busy} onClick={() => onEdit(message.id)}>
              <Pencil />
            </Button>
          </Tooltip>
        </span>
      </div>
    </article>
  );
});

function Editor({ session, message, onDone }: { session: ChatSession; message: ChatMessage; onDone: () => void }) {
  const [text, setText] = useState(textOf(message));
  const submit = () => {
    if (text.trim()) {
      onDone();
      void session.edit(message, text.trim());
    }
  };
  return (
    <form
      className="w-full max-w-[85%] rounded-lg border border-focus bg-input p-2"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        dir="auto"
        aria-label="Edit question"
        autoFocus
        value={text}
        rows={Math.min(8, text.split('\n').length + 1)}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onDone();
          } else if (event.key === 'Enter' && !event.shiftKey && !isInputMethodKey(event.nativeEvent)) {
            event.preventDefault();
            submit();
          }
        }}
        className="w-full resize-none bg-transparent outline-none"
      />
      <div className="flex items-center justify-end gap-1.5">
        <span role="status" className="flex-1 text-xs text-high">
          {describeExcess(text)}
        </span>
        <Button size="sm" variant="secondary" onClick={onDone}>
          Cancel
        </Button>
        <Button size="sm" variant="primary" type="submit" disabled={!text.trim() || describeExcess(text) !== null}>
          Ask again
        </Button>
      </div>
    </form>
  );
}
