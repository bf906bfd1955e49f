'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { ClipboardCheck, RotateCw, Users } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { queueFilters, type QueueFilter, type ReviewableSet } from '@/lib/datasets/contract';
import { imageUrl } from '../client/api';
import { useStore } from '../state/create-store';
import { openReview } from '../state/editors';
import { Button } from '../ui/button';
import { cn } from '../ui/cn';
import { Empty } from '../ui/empty';
import { Select } from '../ui/select';
import { Tooltip } from '../ui/tooltip';
import { SideHeader } from '../shell/side-header';
import { AssignDialog } from './assign-dialog';
import { reviewApi } from './api';
import { loadMore, openQueue, queueStore, selectItem, type Queue, type QueueOrder } from './queue-store';
import { VERDICT_MARKS, VERDICT_NAMES } from './wording';

const FILTER_NAMES: Readonly<Record<QueueFilter, string>> = {
  unreviewed: 'Not reviewed',
  mine: 'Assigned to me',
  second_opinion: 'Needs a second opinion',
  disputed: 'Reviewers disagree',
  skipped: 'Skipped',
  drafted: 'Drafted',
  all: 'All items',
};
const ORDERS: readonly { value: QueueOrder; label: string }[] = [
  { value: 'disagreement', label: 'Likely wrong first' },
  { value: 'uncertainty', label: 'Uncertain first' },
  { value: 'score', label: 'Most anomalous first' },
  { value: 'path', label: 'By path' },
];
const ROW_HEIGHT = 44;

/** The side bar of the review: which set, which queue, and its items. */
export function ReviewSide() {
  const queue = useStore(queueStore, (value) => value);
  const [sets, setSets] = useState<readonly ReviewableSet[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);
  const [assigning, setAssigning] = useState(false);
  useEffect(() => {
    let wanted = true;
    reviewApi.sets().then(
      ({ datasets }) => {
        if (wanted) {
          setSets(datasets);
          setError(null);
        }
      },
      (thrown: unknown) => wanted && setError(thrown instanceof Error ? thrown.message : String(thrown)),
    );
    return () => {
      wanted = false;
    };
  }, [asked]);
  const reload = () => {
    setAsked((count) => count + 1);
    if (queue) {
      void openQueue(queue.datasetId, { filter: queue.filter, order: queue.order });
    }
  };
  return (
    <>
      <SideHeader title="Review">
        {queue ? (
          <Tooltip label="Reviewers">
            <Button size="icon" aria-label="Reviewers" onClick={() => setAssigning(true)}>
              <Users />
            </Button>
          </Tooltip>
        ) : null}
        <Tooltip label="Load again">
          <Button size="icon" aria-label="Load again" onClick={reload}>
            <RotateCw />
          </Button>
        </Tooltip>
      </SideHeader>
      {error ? <p className="px-4 text-xs text-high">{error}</p> : null}
      {sets?.length === 0 ? (
        <Empty icon={ClipboardCheck} title="No data set yet">
          Import one to review its labels and masks.
        </Empty>
      ) : null}
      {sets && sets.length > 0 ? (
        <div className="space-y-1.5 px-3 pb-2">
          <Select
            aria-label="Data set"
            className="w-full"
            value={queue?.datasetId ?? ''}
            options={[
              ...(queue ? [] : [{ value: '', label: 'Choose a data set' }]),
              ...sets.map(({ id, name, items, reviewed }) => ({
                value: id,
                label: `${name} (${reviewed} of ${items})`,
              })),
            ]}
            onChange={(id) => {
              const chosen = sets.find((set) => set.id === id);
              if (chosen) {
                openReview({ datasetId: chosen.id, name: chosen.name });
                void openQueue(chosen.id, {
                  filter: queue?.filter ?? 'unreviewed',
                  order: queue?.order ?? 'disagreement',
                });
              }
            }}
          />
          {queue ? <QueueControls queue={queue} /> : null}
        </div>
      ) : null}
      {queue ? <QueueList queue={queue} /> : null}
      {queue && assigning ? <AssignDialog datasetId={queue.datasetId} onClose={() => setAssigning(false)} /> : null}
    </>
  );
}

function QueueControls({ queue }: { queue: Queue }) {
  return (
    <>
      <div className="flex gap-1.5">
        <Select
          aria-label="Filter"
          className="min-w-0 flex-1"
          value={queue.filter}
          options={queueFilters.map((value) => ({ value, label: FILTER_NAMES[value] }))}
          onChange={(filter) => void openQueue(queue.datasetId, { filter, order: queue.order })}
        />
        <Select
          aria-label="Order"
          className="min-w-0 flex-1"
          value={queue.order}
          options={ORDERS}
          onChange={(order) => void openQueue(queue.datasetId, { filter: queue.filter, order })}
        />
      </div>
      <p role="status" data-review-progress className="text-2xs text-muted tabular-nums">
        {queue.progress.reviewed} of {queue.progress.items} reviewed, {queue.total} in this queue
      </p>
    </>
  );
}

function QueueList({ queue }: { queue: Queue }) {
  const scrollRef = useRef<HTMLDivElement | null>(null);
  const { rows, index, cursor } = queue;
  // The list's own subscription renders it again; the compiler need not memoise what it returns.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const shown = virtual.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (cursor !== null && lastShown > rows.length - 30) {
      void loadMore();
    }
  }, [cursor, lastShown, rows.length]);
  useEffect(() => virtual.scrollToIndex(index, { align: 'auto' }), [virtual, index]);
  if (queue.state === 'failed') {
    return <p className="px-4 text-xs text-high">{queue.error}</p>;
  }
  return (
    <div ref={scrollRef} className="min-h-0 flex-1 overflow-y-auto" role="listbox" aria-label="Queue" tabIndex={-1}>
      <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index: at, start }) => {
          const row = rows[at];
          if (!row) {
            return null;
          }
          const mark = row.verdict ? VERDICT_MARKS[row.verdict] : null;
          return (
            <button
              key={row.id}
              type="button"
              role="option"
              aria-selected={at === index}
              data-queue-row={row.id}
              onClick={() => selectItem(at)}
              style={{ transform: `translateY(${start}px)`, height: ROW_HEIGHT }}
              className={cn(
                'absolute inset-x-0 flex items-center gap-2 px-3 text-left hover:bg-hover',
                at === index && 'bg-active text-strong',
              )}
            >
              {/* Private pixels from our own server at a stored width: next/image would cache them a second time. */}
              {/* eslint-disable-next-line @next/next/no-img-element */}
              <img
                src={imageUrl(row.imageId, 160)}
                alt=""
                loading="lazy"
                className="size-8 shrink-0 rounded-sm object-cover"
              />
              <span className="min-w-0 flex-1">
                <span className="block truncate text-xs">{row.path.split('/').at(-1)}</span>
                <span className="block truncate text-2xs text-muted">
                  {[
                    row.defectType && row.defectType !== 'good' ? row.defectType : row.label,
                    row.score === null ? null : row.score.toFixed(2),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              {mark && row.verdict ? (
                <span className={cn('w-4 text-center text-xs', mark.className)} title={VERDICT_NAMES[row.verdict]}>
                  <span aria-hidden>{mark.mark}</span>
                  <span className="sr-only">{VERDICT_NAMES[row.verdict]}</span>
                </span>
              ) : null}
            </button>
          );
        })}
      </div>
    </div>
  );
}
