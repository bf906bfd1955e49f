'use client';

import { ArrowUp, Paperclip, Square } from 'lucide-react';
import { useId, useLayoutEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { flushSync } from 'react-dom';
import { imageUrl } from '../client/api';
import { useStore } from '../state/create-store';
import { rememberImage } from '../state/images';
import { EnginePicker } from '../engines/engine-picker';
import { Button } from '../ui/button';
import { cn } from '../ui/cn';
import { isInputMethodKey } from '../ui/composing';
import { Tooltip } from '../ui/tooltip';
import { AttachmentList } from './attachment-list';
import { addFiles, attachKnown, draftOf, draftStore, setDraftText } from './drafts';
import { describeExcess } from './excess';
import { sendDraft } from './send-draft';
import { sendWhenArrived, stopWaiting, waitingStore } from './send-when-arrived';
import { findSession } from './session-registry';
import { useCompletion } from './use-completion';

function statusOf({ uploading, answering }: { uploading: boolean; answering: boolean }): string {
  return uploading ? 'Uploading…' : answering ? 'Esc stops the answer' : '';
}

/** Where a question is written: text, attachments, `/commands`, `#images`. Enter sends, Shift+Enter breaks the line. */
export function Composer({
  conversationId: id,
  started,
  answering,
}: {
  conversationId: string;
  /** The conversation has a message. */
  started: boolean;
  answering: boolean;
}) {
  const draft = useStore(draftStore, (drafts) => draftOf(drafts, id));
  const [caret, setCaret] = useState(0);
  const inputRef = useRef<HTMLTextAreaElement | null>(null);
  const fileRef = useRef<HTMLInputElement | null>(null);
  const listId = useId();
  const { text, attachments } = draft;
  const uploading = attachments.some(({ state }) => state.kind === 'uploading');
  const ready = attachments.filter(({ state }) => state.kind === 'ready');
  const excess = describeExcess(text);
  const written = excess === null && (text.trim() !== '' || ready.length > 0 || uploading);
  const sendable = !answering && written;
  const waiting = useStore(waitingStore, (all) => all[id] !== undefined);

  useLayoutEffect(() => {
    const input = inputRef.current;
    if (input) {
      input.style.height = 'auto';
      input.style.height = `${Math.min(input.scrollHeight, 200)}px`;
    }
  }, [text]);

  const completion = useCompletion(text, caret, (option, { start, end }) => {
    const next = start + option.insert.length;
    // At once, not in a later frame: whoever types on meanwhile must find the caret behind what was inserted, and keep
    // it.
    flushSync(() => {
      setDraftText(id, text.slice(0, start) + option.insert + text.slice(end));
      setCaret(next);
    });
    inputRef.current?.focus();
    inputRef.current?.setSelectionRange(next, next);
    const { image } = option;
    const inBranch = findSession(id)?.chat.messages.some(({ parts }) =>
      parts.some((part) => part.type === 'data-image' && part.data.imageId === image?.id),
    );
    if (image && !inBranch) {
      rememberImage(image);
      attachKnown(id, { imageId: image.id, name: image.name });
    }
  });

  const send = () => {
    if (!sendable) {
      return;
    }
    if (uploading) {
      sendWhenArrived(id);
      return;
    }
    setCaret(0);
    void sendDraft(id);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isInputMethodKey(event.nativeEvent) || completion.onKeyDown(event)) {
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && waiting) {
      event.preventDefault();
      stopWaiting(id);
    } else if (event.key === 'Escape' && answering) {
      event.preventDefault();
      void findSession(id)?.stop();
    }
  };

  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const files = [...event.clipboardData.files];
    if (files.length > 0) {
      event.preventDefault();
      addFiles(id, files);
    }
  };

  return (
    <div className="relative mx-auto w-full max-w-3xl px-3 pb-3">
      {completion.options.length > 0 ? (
        <ul
          id={listId}
          role="listbox"
          aria-label="Completions"
          className="absolute inset-x-3 bottom-full z-20 mb-1 max-h-64 overflow-y-auto rounded-lg border border-line-strong bg-raised p-1 shadow-(--shadow)"
        >
          {completion.options.map((option, index) => (
            <li
              key={option.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === completion.index}
              onMouseDown={(event) => {
                event.preventDefault();
                completion.pick(option);
              }}
              className={cn(
                'flex cursor-pointer items-center gap-2.5 rounded px-2 py-1',
                index === completion.index && 'bg-accent text-on-accent',
              )}
            >
              {option.image ? (
                // eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image
                <img src={imageUrl(option.image.id, 160)} alt="" className="size-6 rounded object-cover" />
              ) : null}
              <span className="font-medium">{option.label}</span>
              <span className={cn('truncate text-xs', index === completion.index ? '' : 'text-muted')}>
                {option.detail}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <form
        className="rounded-xl border border-line-strong bg-input transition-colors focus-within:border-focus"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <AttachmentList conversationId={id} attachments={attachments} />
        <textarea
          ref={inputRef}
          dir="auto"
          data-composer
          rows={1}
          value={text}
          placeholder={started ? 'Ask on…' : 'Drop a photo and ask…  / commands, # images'}
          aria-label="Question"
          role="combobox"
          aria-expanded={completion.options.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          {...(completion.options.length > 0 ? { 'aria-activedescendant': `${listId}-${completion.index}` } : {})}
          onChange={(event) => {
            setDraftText(id, event.target.value);
            setCaret(event.target.selectionStart);
            stopWaiting(id);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          className="block w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-ui leading-5 outline-none placeholder:text-muted"
        />
        <div className="flex items-center gap-1 px-1.5 pb-1.5">
          <input
            ref={fileRef}
            type="file"
            accept="image/*"
            multiple
            tabIndex={-1}
            aria-label="Attach images"
            className="sr-only"
            onChange={(event) => {
              addFiles(id, [...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          <Tooltip label="Attach images" keybinding="mod+o" side="top">
            <Button size="icon" aria-label="Attach images" data-attach onClick={() => fileRef.current?.click()}>
              <Paperclip />
            </Button>
          </Tooltip>
          {excess === null ? (
            <span role="status" className="flex-1 truncate text-2xs text-muted">
              {waiting ? 'Sends when the images have arrived; Esc keeps it' : statusOf({ uploading, answering })}
            </span>
          ) : (
            <span role="status" className="flex-1 text-2xs text-high">
              {excess}
            </span>
          )}
          <EnginePicker conversationId={id} disabled={answering} />
          {answering ? (
            <Tooltip label="Stop the answer" keybinding="escape" side="top">
              <Button
                size="icon"
                variant="secondary"
                aria-label="Stop"
                data-stop
                onClick={() => void findSession(id)?.stop()}
              >
                <Square className="fill-current" />
              </Button>
            </Tooltip>
          ) : (
            <Tooltip label="Send" keybinding="enter" side="top">
              <Button size="icon" variant="primary" type="submit" aria-label="Send" disabled={!sendable}>
                <ArrowUp />
              </Button>
            </Tooltip>
          )}
        </div>
      </form>
    </div>
  );
}
