'use client';

import { ClipboardCheck } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { notify } from '../ui/notify';
import type { Verdict } from '@/lib/datasets/contract';
import { useHeatmapLayer } from '../image/use-layers';
import { MaskStage } from '../mask-editor/mask-stage';
import { useStore } from '../state/create-store';
import { viewerStore } from '../state/viewer';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { AnnotationForm, Comments } from './annotation-form';
import { activeReview } from './active-review';
import { reviewApi } from './api';
import { ConflictNotice } from './conflict-notice';
import { History } from './history';
import {
  askModel,
  changeItem,
  hasEdits,
  isOpen,
  itemStore,
  loadItem,
  openItemOf,
  prefetch,
  saveVerdict,
  undoLast,
  type OpenItem,
} from './item-store';
import { KeysDialog } from './keys-dialog';
import { currentRow, openQueue, queueStore, stepItem } from './queue-store';
import { RelabelDialog, type Relabelling } from './relabel-dialog';
import { SidePictures } from './side-pictures';
import { ToolStrip } from './tool-strip';
import { takeModelMask } from './take-model-mask';
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
      nextReference: () => setReferenceIndex((current) => current + 1),
      focus: (field: 'description' | 'comment') =>
        document.querySelector<HTMLElement>(`[data-review-field=${field}]`)?.focus(),
      help: () => setOverlay('keys'),
    };
    activeReview.set(handle);
    return () => activeReview.set((current) => (current === handle ? null : current));
  }, [active, decide, draft]);

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

function ReviewItemPane({
  open,
  referenceIndex,
  drafting,
}: {
  open: OpenItem;
  referenceIndex: number;
  drafting: boolean;
}) {
  const { item, document: mask, model } = open;
  const viewer = useStore(viewerStore, (settings) => settings);
  const heatmapUrl = model && !('error' in model) ? model.inspection.heatmapUrl : null;
  const layer = useHeatmapLayer(heatmapUrl, viewer.palette, viewer.threshold);
  const paneRef = useRef<HTMLDivElement | null>(null);
  const asking = useRef(new AbortController());
  const inspect = useCallback(() => askModel(item.id, asking.current.signal), [item.id]);
  const takeModel = useCallback(() => takeModelMask(item.id), [item.id]);

  useEffect(() => {
    // A reviewer who skims past an item does not make the model look at it.
    const timer = setTimeout(() => void inspect(), 250);
    const stage = paneRef.current?.querySelector<HTMLElement>('[data-review-stage]');
    const focus = document.activeElement;
    if (stage && (focus === document.body || focus?.closest('[data-review]'))) {
      stage.focus();
    }
    return () => {
      clearTimeout(timer);
      asking.current.abort();
      asking.current = new AbortController();
    };
  }, [inspect]);

  return (
    <>
      {open.conflict ? <ConflictNotice open={open} /> : null}
      <div
        ref={paneRef}
        data-review-item={item.id}
        data-revision={item.revision}
        className="flex min-h-0 flex-1 max-md:flex-col max-md:overflow-y-auto"
      >
        <div className="flex min-h-0 min-w-0 flex-1 flex-col max-md:h-[60vh] max-md:flex-none">
          <ToolStrip document={mask} />
          <MaskStage
            imageId={item.image.id}
            name={`${item.path}: mask`}
            image={item.image}
            document={mask}
            layer={layer}
            onModelMask={takeModel}
            onInspect={inspect}
          />
        </div>
        <aside
          aria-label="Item"
          className="w-80 shrink-0 overflow-y-auto border-line max-md:w-full max-md:overflow-visible max-md:border-t md:border-l"
        >
          <Heading open={open} />
          <SidePictures open={open} referenceIndex={referenceIndex} />
          <AnnotationForm open={open} drafting={drafting} />
          <Comments
            open={open}
            onComment={async (text) => {
              try {
                const { comments } = await reviewApi.comment(item.datasetId, item.id, text);
                changeItem(item.id, { item: { ...item, comments } });
              } catch (error) {
                say(error);
              }
            }}
          />
          <History item={item} />
        </aside>
      </div>
    </>
  );
}

function Heading({ open }: { open: OpenItem }) {
  const { item } = open;
  useStore(open.document.changes, (count) => count);
  const notes = [
    ...(item.blind ? ['Blind double review: others’ decisions come when all are in'] : []),
    ...(item.disputed ? ['The reviewers disagree: decide between them'] : []),
    ...(hasEdits(open) ? ['Edited, not saved: a verdict saves it'] : []),
  ];
  return (
    <header className="border-b border-line px-3 py-2">
      <p className="truncate font-medium text-strong" title={item.path}>
        {item.path}
      </p>
      <p className="truncate text-2xs text-muted">
        {[
          item.category,
          item.split,
          item.score === null ? null : `score ${item.score.toFixed(2)}`,
          `revision ${item.revision}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {notes.map((note) => (
        <p key={note} className="mt-0.5 text-2xs text-mid">
          {note}
        </p>
      ))}
    </header>
  );
}
