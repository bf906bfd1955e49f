'use client';

import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { SheetItem, SheetPart } from '@/lib/contract';
import { describeItem, describeSheet } from '@/lib/contract/sheet-text';
import { MaskDrawing } from '../image/mask-drawing';
import { Button } from '../ui/button';
import { cn } from '../ui/cn';

/** Tiles that are there at once; the rest comes by a click. */
const FIRST = 24;

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

/** The tile that a key leads to, of those in rows as they are laid out; null where it leads nowhere. */
function goal(tiles: readonly HTMLElement[], from: number, key: string): number | null {
  if (key === 'Home' || key === 'End') {
    return key === 'Home' ? 0 : tiles.length - 1;
  }
  const step = STEPS[key];
  if (step !== undefined) {
    return from + step >= 0 && from + step < tiles.length ? from + step : null;
  }
  const top = tiles[from]?.offsetTop;
  const columns = tiles.filter(({ offsetTop }) => offsetTop === tiles[0]?.offsetTop).length;
  if (top === undefined || (key !== 'ArrowDown' && key !== 'ArrowUp')) {
    return null;
  }
  const next = from + (key === 'ArrowDown' ? columns : -columns);
  return next >= 0 && next < tiles.length ? next : null;
}

/**
 * The images of a set, those that stand out first, each with what is marked on it and its verdict; the arrow keys go
 * from one to the next.
 * @param picture address of an image's thumbnail
 * @param tile wraps what a tile shows: a button, a link
 */
export function ContactSheet({
  part,
  nameOf,
  picture,
  tile,
}: {
  part: Pick<SheetPart, 'items' | 'failed'>;
  nameOf: (imageId: string) => string;
  picture: (imageId: string) => string;
  tile: (
    item: SheetItem,
    props: { className: string; 'aria-label': string; tabIndex: number },
    content: ReactNode,
  ) => ReactNode;
}) {
  const listRef = useRef<HTMLUListElement | null>(null);
  const [all, setAll] = useState(false);
  const [current, setCurrent] = useState(0);
  const { items, failed } = part;
  const shown = all ? items : items.slice(0, FIRST);
  const summary = describeSheet(part);
  const tilesOf = () => [...(listRef.current?.querySelectorAll<HTMLElement>('[data-tile] > *') ?? [])];
  const onKeyDown = (event: KeyboardEvent) => {
    const tiles = tilesOf();
    const from = tiles.findIndex((each) => each === document.activeElement);
    const next = from < 0 ? null : goal(tiles, from, event.key);
    if (next !== null) {
      event.preventDefault();
      setCurrent(next);
      tiles[next]?.focus();
    }
  };
  const showAll = () => {
    setAll(true);
    setCurrent(FIRST);
    // The tiles are there after the next frame.
    requestAnimationFrame(() => tilesOf()[FIRST]?.focus());
  };
  return (
    <section
      aria-label="Contact sheet"
      data-contact-sheet
      className="my-2 overflow-hidden rounded-lg border border-line bg-app"
    >
      <p className="border-b border-line px-2.5 py-1.5 text-xs text-fg">{summary}</p>
      <ul
        ref={listRef}
        aria-label={`${items.length} images, those that stand out first`}
        onKeyDown={onKeyDown}
        className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-1.5 p-2"
      >
        {shown.map((item, index) => {
          const name = nameOf(item.imageId);
          return (
            <li key={item.imageId} data-tile={item.imageId} data-verdict={item.verdict} className="min-w-0">
              {tile(
                item,
                {
                  className: cn(
                    'block w-full overflow-hidden rounded-md border text-left outline-none hover:border-focus focus-visible:border-focus focus-visible:ring-1 focus-visible:ring-focus',
                    item.verdict === 'anomalous'
                      ? 'border-high'
                      : item.verdict === 'unsure'
                        ? 'border-mid'
                        : 'border-line',
                  ),
                  'aria-label': describeItem(item, name),
                  tabIndex: index === Math.min(current, shown.length - 1) ? 0 : -1,
                },
                <TileContent item={item} name={name} source={picture(item.imageId)} />,
              )}
            </li>
          );
        })}
      </ul>
      {shown.length < items.length ? (
        <div className="px-2 pb-2">
          <Button variant="secondary" size="sm" className="w-full" onClick={showAll}>
            {`Show all ${items.length}`}
          </Button>
        </div>
      ) : null}
      {failed.length > 0 ? (
        <ul aria-label="Not judged" className="border-t border-line px-2.5 py-1.5 text-xs text-high">
          {failed.map(({ imageId, reason }) => (
            <li key={imageId}>{`${nameOf(imageId)}: ${reason}`}</li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

const VERDICT = {
  anomalous: 'bg-high-soft text-high',
  unsure: 'bg-mid-soft text-mid',
  normal: 'bg-low-soft text-low',
} as const;

function TileContent({ item, name, source }: { item: SheetItem; name: string; source: string }) {
  const { outline, verdict, probability } = item;
  return (
    <>
      <span className="relative block aspect-square bg-editor">
        {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant of a private image */}
        <img src={source} alt="" loading="lazy" draggable={false} className="size-full object-contain" />
        {outline ? <MaskDrawing outline={outline} fit="contain" /> : null}
      </span>
      <span className="block px-1.5 py-1 text-2xs" title={describeItem(item, name)}>
        <span className="block truncate text-muted">{name}</span>
        <span className={cn('mt-0.5 inline-block rounded-full px-1.5 font-semibold tabular-nums', VERDICT[verdict])}>
          {`${probability.toFixed(2)} ${verdict}`}
        </span>
      </span>
    </>
  );
}
