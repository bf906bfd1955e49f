'use client';

import {
  Ellipsis,
  FileDown,
  ImageIcon,
  Pencil,
  Pin,
  PinOff,
  Share2,
  SquareArrowOutUpRight,
  Trash2,
} from 'lucide-react';
import { useState } from 'react';
import type { ConversationSummary } from '@/lib/contract';
import { limits } from '@/lib/contract/limits';
import { changeConversation, deleteConversation, exportConversation } from '../chat/conversation-actions';
import { imageUrl } from '../client/api';
import { openChatTab } from '../state/editors';
import { openConversation } from '../state/layout';
import { openSharing } from '../state/sharing';
import { Button } from '../ui/button';
import { cn } from '../ui/cn';
import { ContextMenu, Menu, type MenuEntry } from '../ui/menu';
import { relativeTime } from './relative-time';

/** One conversation of the list: opens it; F2 renames, Delete deletes, the menu does both and more. */
export function ConversationRow({ conversation, open }: { conversation: ConversationSummary; open: boolean }) {
  const { id, title, pinned, imageId, running, snippet, updatedAt } = conversation;
  const [renaming, setRenaming] = useState(false);
  const entries: MenuEntry[] = [
    {
      id: 'rename',
      label: 'Rename',
      icon: <Pencil />,
      keybinding: 'f2',
      onSelect: () => setTimeout(() => setRenaming(true)),
    },
    {
      id: 'pin',
      label: pinned ? 'Unpin' : 'Pin',
      icon: pinned ? <PinOff /> : <Pin />,
      onSelect: () => void changeConversation(id, { pinned: !pinned }),
    },
    { id: 'editor', label: 'Open in editor', icon: <SquareArrowOutUpRight />, onSelect: () => openChatTab(id) },
    { id: 'share', label: 'Share…', icon: <Share2 />, separator: true, onSelect: () => openSharing(id, title) },
    {
      id: 'md',
      label: 'Export as Markdown',
      icon: <FileDown />,
      onSelect: () => exportConversation(id, 'md'),
    },
    { id: 'pdf', label: 'Export as PDF', icon: <FileDown />, onSelect: () => exportConversation(id, 'pdf') },
    { id: 'json', label: 'Export as JSON', icon: <FileDown />, onSelect: () => exportConversation(id, 'json') },
    {
      id: 'delete',
      label: 'Delete',
      icon: <Trash2 />,
      keybinding: 'delete',
      separator: true,
      onSelect: () => void deleteConversation(id, title),
    },
  ];
  if (renaming) {
    return <RenameInput id={id} title={title} onDone={() => setRenaming(false)} />;
  }
  return (
    <ContextMenu entries={entries}>
      <div
        className={cn('group flex items-center rounded-md pr-1 hover:bg-hover', open && 'bg-active hover:bg-active')}
      >
        <button
          type="button"
          data-conversation-row={id}
          aria-current={open ? 'true' : undefined}
          onClick={() => openConversation(id, { link: true })}
          onKeyDown={(event) => {
            if (event.key === 'F2') {
              event.preventDefault();
              setRenaming(true);
            } else if (event.key === 'Delete') {
              event.preventDefault();
              void deleteConversation(id, title);
            }
          }}
          className="flex min-w-0 flex-1 items-center gap-2 py-1.5 pl-2 text-left"
        >
          {imageId ? (
            // eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image
            <img src={imageUrl(imageId, 160)} alt="" loading="lazy" className="size-8 shrink-0 rounded object-cover" />
          ) : (
            <span className="grid size-8 shrink-0 place-items-center rounded bg-hover text-muted">
              <ImageIcon className="size-4" aria-hidden />
            </span>
          )}
          <span className="min-w-0 flex-1">
            <span className="flex items-center gap-1">
              {pinned ? <Pin className="size-3 shrink-0 text-accent" aria-label="Pinned" /> : null}
              <span dir="auto" className="truncate text-ui text-fg">
                {title}
              </span>
            </span>
            <span dir="auto" className="block truncate text-left text-2xs text-muted">
              {running ? <span className="text-accent">answering…</span> : (snippet ?? relativeTime(updatedAt))}
            </span>
          </span>
        </button>
        <Menu entries={entries}>
          <Button
            size="icon"
            aria-label={`Actions for ${title}`}
            className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 [@media(hover:none)]:opacity-100"
          >
            <Ellipsis />
          </Button>
        </Menu>
      </div>
    </ContextMenu>
  );
}

function RenameInput({ id, title, onDone }: { id: string; title: string; onDone: () => void }) {
  const [text, setText] = useState(title);
  const finish = (save: boolean) => {
    onDone();
    if (save && text.trim() && text.trim() !== title) {
      void changeConversation(id, { title: text.trim() });
    }
  };
  return (
    <input
      dir="auto"
      autoFocus
      aria-label={`New name of ${title}`}
      value={text}
      maxLength={limits.titleLength}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          finish(true);
        } else if (event.key === 'Escape') {
          finish(false);
        }
      }}
      className="my-1 h-8 w-full rounded-md border border-focus bg-input px-2 outline-none"
    />
  );
}
