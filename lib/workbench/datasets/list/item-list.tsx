'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { ItemSummary } from '@/lib/datasets/contract';
import { unsureText } from '@/lib/contract/verdict';
import { imageUrl } from '../../client/api';
import { openImage } from '../../state/editors';
import { cn } from '../../ui/cn';

const ROW = 44;
// By the width of the pane, not of the window: beside the chat a list is narrow on any screen.
const COLUMNS =
  'grid grid-cols-[2.5rem_minmax(8rem,1fr)_6rem_7rem_4rem_4rem_4rem_6rem] items-center gap-2 px-3 @max-3xl:grid-cols-[2.5rem_minmax(6rem,1fr)_5.5rem_3.5rem_4rem_5rem] @max-lg:grid-cols-[2.5rem_minmax(6rem,1fr)_5.5rem_3.5rem]';
const WIDE_ONLY = '@max-3xl:hidden';
const NOT_NARROW = '@max-lg:hidden';

const VERDICTS: Record<NonNullable<ItemSummary['verdict']>, string> = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  relabelled: 'Corrected',
  second_opinion: 'Second opinion',
  skipped: 'Skipped',
};
const number = (value: number | null) => (value === null ? '–' : value.toFixed(2));

/** The items of a set as rows, of which only those in sight exist. Rows that are not loaded yet show empty. */
export function ItemList({
  items,
  total,
  threshold,
  onReach,
}: {
  items: readonly ItemSummary[];
  total: number;
  threshold: number | null;
  onReach: (index: number) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  // The list must see each scroll; the compiler leaves this component alone.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => onReach(last), [last, items.length, onReach]);
  return (
    <div role="table" aria-label="Items" aria-rowcount={total + 1} className="@container flex min-h-0 flex-1 flex-col">
      <div role="row" className={cn(COLUMNS, 'h-7 border-b border-line text-2xs text-muted')}>
        <span role="columnheader">
          <span className="sr-only">Image</span>
        </span>
        <span role="columnheader">Path</span>
        <span role="columnheader">Label</span>
        <span role="columnheader" className={WIDE_ONLY}>
          Type
        </span>
        <span role="columnheader" className="text-right">
          Score
        </span>
        <span
          role="columnheader"
          className={cn(NOT_NARROW, 'text-right')}
          title="How much the model contradicts the label and the mask"
        >
          Disagrees
        </span>
        <span role="columnheader" className={cn(WIDE_ONLY, 'text-right')}>
          Unsure
        </span>
        <span role="columnheader" className={NOT_NARROW}>
          Review
        </span>
      </div>
      <div
        ref={frame}
        data-item-list
        role="rowgroup"
        className="min-h-0 flex-1 overflow-y-auto"
        tabIndex={0}
        aria-label="Rows of items"
      >
        <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ index, start }) => (
            <Row key={index} index={index} top={start} item={items[index]} threshold={threshold} />
          ))}
        </div>
      </div>
    </div>
  );
}

const Row = memo(function Row({
  item,
  index,
  top,
  threshold,
}: {
  item: ItemSummary | undefined;
  index: number;
  top: number;
  threshold: number | null;
}) {
  const place = { height: ROW, transform: `translateY(${top}px)` };
  if (item === undefined) {
    return (
      <div role="row" aria-rowindex={index + 2} className="absolute inset-x-0 top-0" style={place}>
        <span role="cell" className="sr-only">
          Loading…
        </span>
      </div>
    );
  }
  const name = item.path.slice(item.path.lastIndexOf('/') + 1);
  const flagged = item.score !== null && item.score >= (threshold ?? 0.5);
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={cn(COLUMNS, 'absolute inset-x-0 top-0 hover:bg-hover')}
      style={place}
    >
      <span role="cell">
        {/* eslint-disable-next-line @next/next/no-img-element */}
        <img
          src={imageUrl(item.imageId, 160)}
          alt=""
          width={36}
          height={36}
          loading="lazy"
          decoding="async"
          className="size-9 rounded-sm bg-active object-cover"
        />
      </span>
      <span role="cell" className="min-w-0">
        <button
          type="button"
          onClick={() => openImage({ imageId: item.imageId, name })}
          title={item.path}
          // Cut at its beginning where there is no room: what tells items apart is the end of the path.
          className="block w-full truncate text-left text-fg [direction:rtl] hover:underline"
        >
          <bdi dir="ltr">{item.path}</bdi>
        </button>
      </span>
      <span role="cell" className={cn('truncate', item.label === 'anomalous' ? 'text-high' : 'text-muted')}>
        {item.label}
      </span>
      <span role="cell" className={cn(WIDE_ONLY, 'truncate text-muted')}>
        {item.defectType ?? ''}
      </span>
      <span role="cell" className={cn('text-right tabular-nums', flagged ? 'text-strong' : 'text-muted')}>
        {number(item.score)}
        {item.judgement?.verdict === 'unsure' ? (
          <span className="ml-1 text-mid" title={unsureText(item.judgement)}>
            ?<span className="sr-only"> unsure</span>
          </span>
        ) : null}
      </span>
      <span role="cell" className={cn(NOT_NARROW, 'text-right text-muted tabular-nums')}>
        {number(item.disagreement)}
      </span>
      <span role="cell" className={cn(WIDE_ONLY, 'text-right text-muted tabular-nums')}>
        {number(item.uncertainty)}
      </span>
      <span role="cell" className={cn(NOT_NARROW, 'truncate text-muted')}>
        {item.verdict === null ? '' : VERDICTS[item.verdict]}
      </span>
    </div>
  );
});
