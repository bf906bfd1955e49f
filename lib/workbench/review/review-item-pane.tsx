import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useHeatmapLayer } from '../image/use-layers';
import { MaskStage } from '../mask-editor/mask-stage';
import { useStore } from '../state/create-store';
import { viewerStore } from '../state/viewer';
import { notify } from '../ui/notify';
import { AnnotationForm, Comments } from './annotation-form';
import { reviewApi } from './api';
import { ConflictNotice } from './conflict-notice';
import { History } from './history';
import { askModel, changeItem, hasEdits, type OpenItem } from './item-store';
import { hiddenOpinions, opinionMasks } from './opinion-view';
import { OpinionLegend } from './opinions';
import { SidePictures } from './side-pictures';
import { takeModelMask } from './take-model-mask';
import { ToolStrip } from './tool-strip';

/** A reviewer who skims past an item in less does not make the model look at it. */
const LOOK_AFTER_MS = 250;

/** One item under review: its picture with the mask, and what is known and decided about it. */
export function ReviewItemPane({
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
  const masks = useMemo(() => opinionMasks(item.opinions), [item.opinions]);
  const hidden = useStore(hiddenOpinions, (places) => places);
  const paneRef = useRef<HTMLDivElement | null>(null);
  const asking = useRef(new AbortController());
  const inspect = useCallback(() => askModel(item.id, asking.current.signal), [item.id]);
  const takeModel = useCallback(() => takeModelMask(item.id), [item.id]);

  useEffect(() => {
    const timer = setTimeout(() => void inspect(), LOOK_AFTER_MS);
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
            compared={masks.filter(({ place }) => !hidden.includes(place))}
            onModelMask={takeModel}
            onInspect={inspect}
          />
        </div>
        <aside
          aria-label="Item"
          className="w-80 shrink-0 overflow-y-auto border-line max-md:w-full max-md:overflow-visible max-md:border-t md:border-l"
        >
          <Heading open={open} />
          {item.opinions ? (
            <OpinionLegend opinions={item.opinions} masks={masks} onUse={(chosen) => mask.apply(chosen, 'replace')} />
          ) : null}
          <SidePictures open={open} referenceIndex={referenceIndex} />
          <AnnotationForm open={open} drafting={drafting} />
          <Comments
            open={open}
            onComment={async (text) => {
              try {
                const { comments } = await reviewApi.comment(item.datasetId, item.id, text);
                changeItem(item.id, { item: { ...item, comments } });
              } catch (error) {
                notify.error(error instanceof Error ? error.message : String(error));
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
