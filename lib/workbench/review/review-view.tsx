'use client';

import { ClipboardCheck } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { notify } from '../ui/notify';
import type { Verdict } from '@/lib/datasets/contract';
import { useStore } from '../state/create-store';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { activeReview } from './active-review';
import { reviewApi } from './api';
import {
  changeItem,
  hasEdits,
  isOpen,
  itemStore,
  loadItem,
  openItemOf,
  prefetch,
  saveVerdict,
  undoLast,
} from './item-store';
import { KeysDialog } from './keys-dialog';
import { toggleOpinion } from './opinion-view';
import { currentRow, openQueue, queueStore, stepItem } from './queue-store';
import { RelabelDialog, type Relabelling } from './relabel-dialog';
import { ReviewItemPane } from './review-item-pane';
import { VerdictBar } from './verdict-bar';

/** Items loaded ahead of the reviewer. */
const AHEAD = 3;

const say = (error: unknown) => notify.error(error instanceof Error ? error.message : String(error));

/** The editor tab that reviews a data set, item by item. `active`: its group has the focus, so commands go to it. */
export function ReviewView({ datasetId, active }: { datasetId: string; active: boolean }) {
  const queue = useStore(queueStore, (value) => (value?.datasetId === datasetId ? value : null));
  const row = currentRow(queue);
  const itemId = row?.id;
  const entry = useStore(itemStore, (items) => (itemId ? items[itemId] : undefined));
  const [overlay, setOverlay] = useState<'relabel' | 'keys' | null>(null);
  const [referenceIndex, setReferenceIndex] = useState(0);
  const [drafting, setDrafting] = useState<string | null>(null);
  const types = useMemo(
    () =>
      [
        ...new Set(
          (queue?.rows ?? []).flatMap(({ defectType }) => (defectType && defectType !== 'good' ? [defectType] : [])),
        ),
      ].sort(),
    [queue?.rows],
  );

  useEffect(() => {
    if (queueStore.get()?.datasetId !== datasetId) {
      void openQueue(datasetId, { filter: 'unreviewed', order: 'disagreement' });
    }
  }, [datasetId]);

  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (Object.values(itemStore.get()).some((each) => isOpen(each) && hasEdits(each))) {
        event.preventDefault();
      }
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);

  const index = queue?.index ?? 0;
  const rows = queue?.rows;
  useEffect(() => {
    if (!itemId || !rows) {
      return;
    }
    void loadItem(datasetId, itemId).then(() => prefetch(datasetId, rows.slice(index + 1, index + 1 + AHEAD)));
  }, [datasetId, itemId, index, rows]);

  const decide = useCallback(
    async (verdict: Verdict, extra?: Relabelling) => {
      if (!itemId) {
        return;
      }
      try {
        if (await saveVerdict(itemId, verdict, extra)) {
          const now = queueStore.get();
          if (now && now.cursor === null && now.index === now.rows.length - 1) {
            notify.success('That was the last item of this queue.');
          }
          stepItem(1);
        }
      } catch (error) {
        say(error);
      }
    },
    [itemId],
  );

  const draft = useCallback(async () => {
    if (!itemId || drafting) {
      return;
    }
    setDrafting(itemId);
    try {
      await reviewApi.draft(datasetId, itemId, ['description', 'impact', 'suggestion'], {
        signal: new AbortController().signal,
        onField: (field, text) => {
          const now = openItemOf(itemId);
          if (now) {
            changeItem(itemId, { edits: { ...now.edits, text: { ...now.edits.text, [field]: text } } });
          }
        },
      });
    } catch (error) {
      say(error);
    } finally {
      setDrafting(null);
    }
  }, [datasetId, itemId, drafting]);

  useEffect(() => {
    if (!active) {
      return;
    }
    const handle = {
      decide: (verdict: Verdict) => decide(verdict),
      undo: async () => {
        try {
          if (!(await undoLast())) {
            notify.info('There is no verdict of this visit to undo.');
          }
        } catch (error) {
          say(error);
        }
      },
      step: stepItem,
      relabel: () => setOverlay('relabel'),
      draft,
      toggleOpinion: (place: number) => {
        if (openItemOf(itemId)?.item.opinions?.by[place]?.mask) {
          toggleOpinion(place);
        } else {
          notify.info('There is no mask of a reviewer to show or hide here.');
        }
      },
      nextReference: () => setReferenceIndex((current) => current + 1),
      focus: (field: 'description' | 'comment') =>
        document.querySelector<HTMLElement>(`[data-review-field=${field}]`)?.focus(),
      help: () => setOverlay('keys'),
    };
    activeReview.set(handle);
    return () => activeReview.set((current) => (current === handle ? null : current));
  }, [active, decide, draft, itemId]);

  const focusStage = () =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-review-stage]')?.focus());
  const closeOverlay = () => {
    setOverlay(null);
    focusStage();
  };

  return (
    <div data-review={datasetId} className="flex min-h-0 flex-1 flex-col">
      <VerdictBar
        verdict={isOpen(entry) ? entry.item.annotation.verdict : null}
        disabled={!isOpen(entry) || entry.saving}
      />
      {isOpen(entry) ? (
        <ReviewItemPane
          key={entry.item.id}
          open={entry}
          referenceIndex={referenceIndex}
          drafting={drafting === entry.item.id}
        />
      ) : (
        <Placeholder
          error={entry && entry !== 'loading' && 'error' in entry ? entry.error : (queue?.error ?? null)}
          empty={queue?.state === 'ready' && queue.rows.length === 0}
          onRetry={() =>
            itemId
              ? void loadItem(datasetId, itemId, { again: true })
              : void openQueue(datasetId, { filter: queue?.filter ?? 'unreviewed', order: queue?.order ?? 'path' })
          }
        />
      )}
      {overlay === 'relabel' ? (
        <RelabelDialog
          types={types}
          onClose={closeOverlay}
          onChoose={(choice) => {
            closeOverlay();
            void decide('relabelled', choice);
          }}
        />
      ) : null}
      {overlay === 'keys' ? <KeysDialog onClose={closeOverlay} /> : null}
    </div>
  );
}

function Placeholder({ error, empty, onRetry }: { error: string | null; empty: boolean; onRetry: () => void }) {
  if (error) {
    return (
      <Empty icon={ClipboardCheck} title="This item cannot be shown">
        <p>{error}</p>
        <Button variant="secondary" className="mt-3" onClick={onRetry}>
          Try again
        </Button>
      </Empty>
    );
  }
  return empty ? (
    <Empty icon={ClipboardCheck} title="Nothing is left in this queue">
      Choose another filter in the side bar, or another data set.
    </Empty>
  ) : (
    <div className="flex-1" aria-busy />
  );
}
