'use client';

import { ImagePlus, Images, SearchX } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import type { ListedImage } from '@/lib/contract';
import { draftOf, draftStore } from '../chat/drafts';
import { useImages } from '../client/use-images';
import { useStore } from '../state/create-store';
import { activeTab } from '../state/editors';
import { imageStore, type KnownImage } from '../state/images';
import { layoutStore } from '../state/layout';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { SearchField } from '../ui/search-field';
import { Tooltip } from '../ui/tooltip';
import { addToExplorer } from './add-to-explorer';
import { chooseFiles } from './choose-files';
import { attachSelection, clearSelection, selectAll, selectionStore } from './explorer-selection';
import { ImageRow, type ImageRowData } from './image-row';
import { SideHeader } from './side-header';

/** The page knows more of an image that it has seen than the list does. */
function toRow(listed: ListedImage, known: KnownImage | undefined): ImageRowData {
  const { id: imageId, name, width, height, inspection } = listed;
  return { imageId, name, width, height, role: known?.role ?? 'subject', inspection: known?.inspection ?? inspection };
}

const hasWords = (name: string, query: string) =>
  query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.toLowerCase().includes(word));

/** Every stored image: those of the open conversation first, then all others, the newest first, page by page. */
export function ExplorerView() {
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  const known = useStore(imageStore, (all) => all);
  const { images, loading, error, more, loadMore } = useImages(query);
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
  const here = Object.values(known).filter(
    (image) =>
      (image.conversationId === conversationId || attached.includes(image.imageId)) && hasWords(image.name, query),
  );
  const hereIds = new Set(here.map(({ imageId }) => imageId));
  const others = images.filter(({ id }) => !hereIds.has(id)).map((image) => toRow(image, known[image.id]));
  const rows = [...here, ...others];
  const nothing = here.length + others.length === 0 && !loading && !error;
  return (
    <>
      <SideHeader title="Explorer">
        <Tooltip label="Add images">
          <Button size="icon" aria-label="Add images" onClick={() => void chooseFiles().then(addToExplorer)}>
            <ImagePlus />
          </Button>
        </Tooltip>
      </SideHeader>
      <div className="px-3 pb-1">
        <SearchField label="Search images by name" value={text} onChange={setText} />
      </div>
      <SelectionBar rows={rows} />
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        <ImageSection
          title="This conversation"
          images={here}
          rows={rows}
          openId={openId}
          conversationId={conversationId}
        />
        <ImageSection
          title={here.length > 0 ? 'Other images' : 'All images'}
          images={others}
          rows={rows}
          openId={openId}
          conversationId={conversationId}
        />
        {error ? (
          <p role="alert" className="p-2 text-xs text-high">
            {error}
          </p>
        ) : null}
        {more ? <MoreImages onReached={loadMore} /> : null}
        {nothing ? (
          query ? (
            <Empty icon={SearchX} title="No image is called that">
              Every word must occur in the file name.
            </Empty>
          ) : (
            <Empty icon={Images} title="No images yet">
              Drop images here to look at them without asking anything. Every image you add or ask about is kept here.
            </Empty>
          )
        ) : null}
      </div>
    </>
  );
}

/** How many images are selected, and what can be done with them. */
function SelectionBar({ rows }: { rows: readonly ImageRowData[] }) {
  const count = useStore(selectionStore, (selected) => selected.length);
  if (count === 0) {
    return null;
  }
  return (
    <div
      role="toolbar"
      aria-label="Selection"
      className="mx-2 mb-1 flex items-center gap-1 rounded-md bg-accent-soft px-2 py-1 text-xs"
    >
      <span role="status" className="min-w-0 flex-1 truncate">{`${count} selected`}</span>
      <Button size="sm" onClick={() => selectAll(rows)}>
        All
      </Button>
      <Button size="sm" onClick={clearSelection}>
        None
      </Button>
      <Button size="sm" variant="primary" onClick={attachSelection}>
        Attach
      </Button>
    </div>
  );
}

/** The end of what is loaded: reached by scrolling or by a click, it brings the next page. */
function MoreImages({ onReached }: { onReached: () => void }) {
  const ref = useRef<HTMLButtonElement | null>(null);
  const latest = useRef(onReached);
  useEffect(() => {
    latest.current = onReached;
  });
  useEffect(() => {
    const element = ref.current;
    if (!element) {
      return;
    }
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) {
        latest.current();
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <Button ref={ref} variant="secondary" size="sm" className="mt-1 w-full" onClick={onReached}>
      More images
    </Button>
  );
}

function ImageSection({
  title,
  images,
  rows,
  openId,
  conversationId,
}: {
  title: string;
  images: readonly ImageRowData[];
  /** Those of all sections. */
  rows: readonly ImageRowData[];
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
          <li key={image.imageId} className="[content-visibility:auto] [contain-intrinsic-size:auto_3rem]">
            <ImageRow image={image} rows={rows} open={image.imageId === openId} conversationId={conversationId} />
          </li>
        ))}
      </ul>
    </section>
  );
}
