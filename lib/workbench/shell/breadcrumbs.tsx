'use client';

import { ChevronRight } from 'lucide-react';
import { useConversations } from '../client/use-server';
import { useStore } from '../state/create-store';
import { imageStore } from '../state/images';
import { openConversation, type EditorTab } from '../state/layout';

/** Where an image comes from: its conversation (a click opens it), then its name. Nothing for other tabs. */
export function Breadcrumbs({ tab }: { tab: EditorTab }) {
  return tab.kind === 'image' ? <ImageBreadcrumbs imageId={tab.imageId} name={tab.name} /> : null;
}

function ImageBreadcrumbs({ imageId, name }: { imageId: string; name: string }) {
  const conversationId = useStore(imageStore, (images) => images[imageId]?.conversationId ?? null);
  const { conversations } = useConversations('');
  const title = conversations.find(({ id }) => id === conversationId)?.title;
  return (
    <nav
      aria-label="Breadcrumbs"
      className="flex h-5.5 shrink-0 items-center gap-1 px-3 text-2xs text-muted max-md:hidden"
    >
      {conversationId && title ? (
        <>
          <button
            type="button"
            className="max-w-72 truncate rounded px-0.5 hover:text-fg hover:underline"
            onClick={() => openConversation(conversationId, { link: true })}
          >
            <bdi>{title}</bdi>
          </button>
          <ChevronRight className="size-3 shrink-0" aria-hidden />
        </>
      ) : null}
      <span aria-current="location" className="truncate text-fg">
        <bdi>{name}</bdi>
      </span>
    </nav>
  );
}
