'use client';

import { ImageOff } from 'lucide-react';
import { useCallback, useEffect, useId, useMemo, useState, type PointerEvent } from 'react';
import { useStore } from '../state/create-store';
import { listProblems, type KnownImage, type Problem } from '../state/images';
import { revealStore, viewerStore } from '../state/viewer';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { activeImageEditor } from './active-editor';
import { CompareHandle, CompareLabels } from './compare-handle';
import { TwinCursor, ViewLabels } from './compare-views';
import { describeMask } from '@/lib/segmentation/mask-words';
import { heatmapAt } from './heatmap';
import { ImageToolbar } from './image-toolbar';
import { inspectImage, inspectingStore } from './inspect-image';
import { Minimap } from './minimap';
import { RegionOverlay } from './region-overlay';
import { ImageSidePane } from './side-pane';
import { StageCanvas } from './stage-canvas';
import { useKnownImage } from './use-known-image';
import { useComparison, type Comparison } from './use-comparison';
import { useHeatmapLayer, useMaskLayer } from './use-layers';
import { useViewport } from './use-viewport';
import { imagePoint } from './viewport';

const MASK_SIDE = 2048;

/** The editor tab of one image. `active`: its group has the focus, so commands go to it. */
export function ImageEditor({ imageId, active }: { imageId: string; active: boolean }) {
  const { image, error, retry } = useKnownImage(imageId);
  if (error) {
    return (
      <Empty icon={ImageOff} title="This image cannot be shown">
        <p>{error}</p>
        <Button variant="secondary" className="mt-3" onClick={retry}>
          Try again
        </Button>
      </Empty>
    );
  }
  return image ? <LoadedEditor key={imageId} image={image} active={active} /> : <div className="flex-1" aria-busy />;
}

/**
 * Where regions end that are drawn over the image: at the divider, at the reference beside it; null: nowhere; 0: they
 * are hidden.
 */
function clipOf({ compared, view, flipped }: Comparison, splitAt: number, width: number): number | null {
  if (compared === null || view === 'difference' || (view === 'blink' && !flipped)) {
    return null;
  }
  return view === 'divider' ? splitAt * width : view === 'beside' ? width : 0;
}

function LoadedEditor({ image, active }: { image: KnownImage; active: boolean }) {
  const viewer = useStore(viewerStore, (settings) => settings);
  const comparison = useComparison(image);
  const { compared } = comparison;
  const isBeside = compared !== null && comparison.view === 'beside';
  const { stageRef, view, stage, ready, handlers, setView, reveal, zoomIn, zoomOut, fit, actualSize } = useViewport(
    image,
    isBeside ? 2 : 1,
  );
  const descriptionId = useId();
  const problems = useMemo(() => listProblems({ [image.imageId]: image }), [image]);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [splitAt, setSplitAt] = useState(0.5);
  const [hover, setHover] = useState<{ x: number; y: number } | null>(null);
  const [loadError, setLoadError] = useState<string | null>(null);
  const inspecting = useStore(inspectingStore, (all) => all[image.imageId] !== undefined);

  const heatmap = useHeatmapLayer(image.inspection?.heatmapUrl ?? null, viewer.palette, viewer.threshold);
  const mask = useMaskLayer(image.masks, MASK_SIDE);
  const layers = useMemo(
    () => [
      ...(viewer.heatmap && heatmap.canvas ? [{ canvas: heatmap.canvas, opacity: viewer.heatmapOpacity }] : []),
      ...(viewer.mask && mask ? [{ canvas: mask, opacity: viewer.maskOpacity }] : []),
    ],
    [viewer, heatmap.canvas, mask],
  );
  const reference = useMemo(() => (compared ? { imageId: compared.imageId, size: compared } : null), [compared]);

  const select = useCallback(
    (problem: Problem) => {
      setSelectedId(problem.regionId);
      reveal(problem.bbox);
    },
    [reveal],
  );

  useEffect(() => {
    if (!ready) {
      return;
    }
    const take = () => {
      const wish = revealStore.get();
      if (wish?.imageId === image.imageId) {
        revealStore.set(null);
        setSelectedId(wish.regionId);
        reveal(wish.bbox);
      }
    };
    const frame = requestAnimationFrame(take);
    const stop = revealStore.subscribe(take);
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, [ready, image.imageId, reveal]);

  const { toggle: toggleCompare, nextView: nextCompareView } = comparison;
  const compareId = compared?.imageId ?? null;
  useEffect(() => {
    if (!active) {
      return;
    }
    const handle = {
      imageId: image.imageId,
      zoomIn,
      zoomOut,
      fit,
      actualSize,
      reveal,
      toggleCompare,
      nextCompareView,
      inspect: () => inspectImage(image.imageId, compareId ? [compareId] : []),
    };
    activeImageEditor.set(handle);
    return () => activeImageEditor.set((current) => (current === handle ? null : current));
  }, [active, image.imageId, zoomIn, zoomOut, fit, actualSize, reveal, toggleCompare, nextCompareView, compareId]);

  const clip = clipOf(comparison, splitAt, stage.width);
  const track = (event: PointerEvent<HTMLDivElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - bounds.left) % Math.max(1, stage.width);
    setHover(imagePoint(view, image, x, event.clientY - bounds.top));
    handlers.onPointerMove(event);
  };

  return (
    <div className="@container flex min-h-0 flex-1 flex-col" data-image-editor={image.imageId}>
      <ImageToolbar viewer={viewer} comparing={compareId !== null} scale={view.scale} />
      <div className="flex min-h-0 flex-1 @max-lg:flex-col">
        <div
          ref={stageRef}
          tabIndex={0}
          role="application"
          aria-roledescription="image viewer"
          aria-label={image.name}
          aria-describedby={descriptionId}
          className="relative min-h-0 min-w-0 flex-1 cursor-grab touch-none overflow-hidden bg-editor outline-none select-none focus-visible:ring-1 focus-visible:ring-focus focus-visible:ring-inset active:cursor-grabbing"
          {...handlers}
          onPointerMove={track}
          onPointerLeave={() => setHover(null)}
          onDoubleClick={() => (view.scale < 1 ? actualSize() : fit())}
        >
          <p id={descriptionId} className="sr-only">
            {describeMask(image, problems)} Arrow keys pan; plus, minus, 0 and 1 zoom.
          </p>
          <StageCanvas
            imageId={image.imageId}
            image={image}
            view={view}
            stage={stage}
            layers={layers}
            reference={reference}
            compare={comparison.view}
            flipped={comparison.flipped}
            split={splitAt * stage.width}
            onError={setLoadError}
          />
          {viewer.regions ? (
            <RegionOverlay problems={problems} view={view} selectedId={selectedId} onSelect={select} clip={clip} />
          ) : null}
          {compared && comparison.view === 'divider' ? (
            <>
              <CompareLabels left={image.name} right={compared.name} split={splitAt * stage.width} />
              <CompareHandle split={splitAt * stage.width} width={stage.width} onChange={setSplitAt} />
            </>
          ) : null}
          {compared && comparison.view !== 'divider' ? (
            <ViewLabels view={comparison.view} flipped={comparison.flipped} left={image.name} right={compared.name} />
          ) : null}
          {isBeside && hover ? (
            <TwinCursor
              x={view.x + (hover.x + 0.5) * view.scale}
              y={view.y + (hover.y + 0.5) * view.scale}
              offset={stage.width}
            />
          ) : null}
          {viewer.minimap && ready ? (
            <Minimap imageId={image.imageId} image={image} view={view} stage={stage} onMove={setView} />
          ) : null}
          {inspecting ? (
            <div className="animate-sweep pointer-events-none absolute inset-x-0 top-0 h-[14%] border-b-2 border-accent bg-linear-to-t from-accent/25 to-transparent" />
          ) : null}
          {loadError ? (
            <p
              role="alert"
              className="absolute inset-x-0 top-3 mx-auto w-fit rounded border border-line-strong bg-raised px-3 py-1.5 text-high"
            >
              {loadError}
            </p>
          ) : null}
          <p
            className="pointer-events-none absolute bottom-2 left-2 rounded bg-black/75 px-2 py-0.5 font-mono text-2xs whitespace-nowrap text-white"
            data-hover-values
          >
            {hover
              ? `x ${hover.x}  y ${hover.y}${heatmap.heatmap ? `  anomaly ${heatmapAt(heatmap.heatmap, (hover.x + 0.5) / image.width, (hover.y + 0.5) / image.height).toFixed(2)}` : ''}`
              : `${image.width} × ${image.height}`}
          </p>
        </div>
        {viewer.sidePane ? (
          <ImageSidePane
            image={image}
            problems={problems}
            layer={heatmap}
            selectedId={selectedId}
            onSelect={select}
            comparison={comparison}
          />
        ) : null}
      </div>
    </div>
  );
}
