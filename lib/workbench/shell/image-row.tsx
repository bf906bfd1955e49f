'use client';

import { CheckSquare, Columns2, MessageSquarePlus, Package, ScanSearch } from 'lucide-react';
import type { ListedImage } from '@/lib/contract';
import { attachKnown } from '../chat/drafts';
import { imageUrl } from '../client/api';
import { inspectImage, inspectingStore } from '../image/inspect-image';
import { teach } from '../parts/open-part';
import { useStore } from '../state/create-store';
import { openImage } from '../state/editors';
import { rememberImage, type KnownImage } from '../state/images';
import { showPane } from '../state/layout';
import { cn } from '../ui/cn';
import { ContextMenu, type MenuEntry } from '../ui/menu';
import { IMAGE_DRAG } from '../ui/drag';
import { statusText } from '../ui/progress';
import { ScoreBadge } from '../ui/score-badge';
import { clearSelection, selectionStore, selectTo, toggleSelected } from './explorer-selection';

/** What a row of the Explorer shows of an image, known to this page or only listed by the server. */
export type ImageRowData = Pick<KnownImage, 'imageId' | 'name' | 'width' | 'height' | 'role'> & {
  inspection: ListedImage['inspection'];
};

/**
 * One image of the Explorer: a click opens it for a look, a double click for good; dragged to the chat it is attached;
 * its menu inspects and attaches it. With Ctrl (a range with Shift) a click, or the space bar, selects it.
 */
export function ImageRow({
  image,
  rows,
  open,
  conversationId,
}: {
  image: ImageRowData;
  /** All that are listed, for a range. */
  rows: readonly ImageRowData[];
  open: boolean;
  conversationId: string | null;
}) {
  const inspecting = useStore(inspectingStore, (all) => all[image.imageId] ?? null);
  const { imageId, name, width, height } = image;
  const selected = useStore(selectionStore, (all) => all.some((each) => each.imageId === imageId));
  const select = (event: { shiftKey: boolean }) => (event.shiftKey ? selectTo(image, rows) : toggleSelected(image));
  const remember = () => rememberImage({ id: imageId, name, width, height });
  const show = (how: { beside?: boolean; preview?: boolean }) => {
    remember();
    openImage({ imageId, name }, how);
  };
  const entries: MenuEntry[] = [
    {
      id: 'select',
      label: selected ? 'Take out of the selection' : 'Select',
      icon: <CheckSquare />,
      onSelect: () => toggleSelected(image),
    },
    { id: 'beside', label: 'Open beside', icon: <Columns2 />, onSelect: () => show({ beside: true }) },
    {
      id: 'inspect',
      label: inspecting ? 'Cancel the inspection' : 'Inspect',
      icon: <ScanSearch />,
      onSelect: () => {
        remember();
        if (inspecting) {
          inspecting.cancel();
        } else {
          void inspectImage(imageId);
        }
      },
    },
    {
      id: 'good',
      label: 'This is a good one…',
      icon: <Package />,
      onSelect: () => {
        remember();
        teach({ imageIds: [imageId], name: name.replace(/\.\w{1,5}$/, '') });
      },
    },
    ...(conversationId
      ? (['subject', 'reference'] as const).map((role) => ({
          id: role,
          label: role === 'subject' ? 'Attach to the message' : 'Attach as normal reference',
          icon: <MessageSquarePlus />,
          separator: role === 'subject',
          onSelect: () => {
            remember();
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
        data-image-row={imageId}
        aria-current={open ? 'true' : undefined}
        title={name}
        draggable
        onDragStart={(event) => {
          remember();
          event.dataTransfer.setData(IMAGE_DRAG, JSON.stringify({ imageId, name }));
        }}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) {
            select(event);
          } else {
            clearSelection();
            show({ preview: true });
          }
        }}
        onKeyDown={(event) => {
          if (event.key === ' ' && (event.ctrlKey || event.metaKey || event.shiftKey)) {
            event.preventDefault();
            select(event);
          }
        }}
        onDoubleClick={() => show({})}
        className={cn(
          'flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-hover',
          open && 'bg-active hover:bg-active',
          selected && 'bg-accent-soft hover:bg-accent-soft',
        )}
      >
        {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image */}
        <img src={imageUrl(imageId, 160)} alt="" loading="lazy" className="size-9 shrink-0 rounded object-cover" />
        <span className="min-w-0 flex-1">
          <span dir="auto" className="block truncate text-left">
            {name}
            {selected ? <span className="sr-only">, selected</span> : null}
          </span>
          <span className="block truncate text-2xs text-muted">
            {inspecting
              ? statusText(inspecting.status)
              : `${width} × ${height}${image.role === 'reference' ? ' · reference' : ''}`}
          </span>
        </span>
        {image.inspection ? <ScoreBadge inspection={image.inspection} compact /> : null}
      </button>
    </ContextMenu>
  );
}
