'use client';

import { Columns2, ImagePlus, Images, MessageSquarePlus, ScanSearch } from 'lucide-react';
import { toast } from 'sonner';
import { attachKnown, draftOf, draftStore, uploadFile } from '../chat/drafts';
import { imageUrl } from '../client/api';
import { inspectImage, inspectingStore } from '../image/inspect-image';
import { useStore } from '../state/create-store';
import { activeTab, openImage } from '../state/editors';
import { imageStore, type KnownImage } from '../state/images';
import { layoutStore, showPane } from '../state/layout';
import { Button } from '../ui/button';
import { cn } from '../ui/cn';
import { Empty } from '../ui/empty';
import { ContextMenu, type MenuEntry } from '../ui/menu';
import { ScoreBadge } from '../ui/score-badge';
import { Tooltip } from '../ui/tooltip';
import { chooseFiles } from './choose-files';
import { SideHeader } from './side-header';

/** Uploads files to the Explorer, without a question; the last one is opened. */
export async function addToExplorer(files: readonly File[]): Promise<void> {
  const results = await Promise.allSettled(files.map((file) => uploadFile(file)));
  const last = results.findLast((result) => result.status === 'fulfilled');
  if (last?.status === 'fulfilled') {
    openImage({ imageId: last.value.id, name: last.value.name });
  }
  results.forEach((result, index) => {
    if (result.status === 'rejected') {
      toast.error(
        result.reason instanceof Error ? result.reason.message : `"${files[index]?.name}" could not be uploaded.`,
      );
    }
  });
}

/** The images of the open conversations and those added by hand. */
export function ExplorerView() {
  const images = useStore(imageStore, (all) => Object.values(all));
  const openId = useStore(layoutStore, (layout) => {
    const tab = activeTab(layout);
    return tab?.kind === 'image' ? tab.imageId : null;
  });
  const conversationId = useStore(layoutStore, (layout) => layout.conversationId);
  const attached = useStore(draftStore, (drafts) =>
    conversationId
      ? draftOf(drafts, conversationId).attachments.flatMap(({ state }) =>
          state.kind === 'ready' ? [state.imageId] : [],
        )
      : [],
  );
  const isHere = (image: KnownImage) => image.conversationId === conversationId || attached.includes(image.imageId);
  const here = images.filter(isHere);
  const elsewhere = images.filter((image) => !isHere(image));
  return (
    <>
      <SideHeader title="Explorer">
        <Tooltip label="Add images">
          <Button size="icon" aria-label="Add images" onClick={() => void chooseFiles().then(addToExplorer)}>
            <ImagePlus />
          </Button>
        </Tooltip>
      </SideHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        <ImageSection title="This conversation" images={here} openId={openId} conversationId={conversationId} />
        <ImageSection title="Other images" images={elsewhere} openId={openId} conversationId={conversationId} />
        {images.length === 0 ? (
          <Empty icon={Images} title="No images yet">
            Images of the open conversations are listed here. Add one to look at it without asking anything.
          </Empty>
        ) : null}
      </div>
    </>
  );
}

function ImageSection({
  title,
  images,
  openId,
  conversationId,
}: {
  title: string;
  images: readonly KnownImage[];
  openId: string | null;
  conversationId: string | null;
}) {
  if (images.length === 0) {
    return null;
  }
  return (
    <section aria-label={title}>
      <h3 className="px-2 pt-2 pb-1 text-2xs font-medium text-muted">{title}</h3>
      <ul>
        {images.map((image) => (
          <li key={image.imageId}>
            <ImageRow image={image} open={image.imageId === openId} conversationId={conversationId} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ImageRow({
  image,
  open,
  conversationId,
}: {
  image: KnownImage;
  open: boolean;
  conversationId: string | null;
}) {
  const inspecting = useStore(inspectingStore, (ids) => ids.includes(image.imageId));
  const entries: MenuEntry[] = [
    { id: 'beside', label: 'Open beside', icon: <Columns2 />, onSelect: () => openImage(image, { beside: true }) },
    {
      id: 'inspect',
      label: 'Inspect',
      icon: <ScanSearch />,
      disabled: inspecting,
      onSelect: () => void inspectImage(image.imageId),
    },
    ...(conversationId
      ? (['subject', 'reference'] as const).map((role) => ({
          id: role,
          label: role === 'subject' ? 'Attach to the message' : 'Attach as normal reference',
          icon: <MessageSquarePlus />,
          separator: role === 'subject',
          onSelect: () => {
            attachKnown(conversationId, image, role);
            showPane('chat');
          },
        }))
      : []),
  ];
  return (
    <ContextMenu entries={entries}>
      <button
        type="button"
        data-image-row={image.imageId}
        aria-current={open ? 'true' : undefined}
        onClick={() => openImage(image)}
        className={cn(
          'flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-hover',
          open && 'bg-active hover:bg-active',
        )}
      >
        {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image */}
        <img
          src={imageUrl(image.imageId, 160)}
          alt=""
          loading="lazy"
          className="size-9 shrink-0 rounded object-cover"
        />
        <span className="min-w-0 flex-1">
          <span className="block truncate">{image.name}</span>
          <span className="block text-2xs text-muted">
            {image.width} × {image.height}
            {image.role === 'reference' ? ' · reference' : ''}
            {inspecting ? ' · inspecting…' : ''}
          </span>
        </span>
        {image.inspection ? (
          <ScoreBadge score={image.inspection.score} bucket={image.inspection.bucket} compact />
        ) : null}
      </button>
    </ContextMenu>
  );
}
