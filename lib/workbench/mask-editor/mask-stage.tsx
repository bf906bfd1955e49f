'use client';

import { useEffect, useId, useMemo, useState, type PointerEvent } from 'react';
import { notify } from '../ui/notify';
import type { Mask } from '@/lib/segmentation/mask';
import { activeImageEditor } from '../image/active-editor';
import { heatmapAt } from '../image/heatmap';
import { StageCanvas } from '../image/stage-canvas';
import type { HeatmapLayer } from '../image/use-layers';
import { useViewport } from '../image/use-viewport';
import { imagePoint, type Size } from '../image/viewport';
import { useStore } from '../state/create-store';
import { viewerStore } from '../state/viewer';
import { activeMaskEditor } from './active-mask-editor';
import { DrawingOverlay } from './drawing-overlay';
import { DocumentCanvas, MaskCanvas } from './mask-canvas';
import type { MaskDocument } from './mask-document';
import type { MaskLook } from './paint-visible';
import { toolStore } from './tools';
import { useDrawing } from './use-drawing';

const CURSORS = {
  move: 'cursor-grab active:cursor-grabbing',
  brush: 'cursor-none',
  eraser: 'cursor-none',
  polygon: 'cursor-crosshair',
  wand: 'cursor-crosshair',
  segment: 'cursor-crosshair',
} as const;

/** A mask that is shown below the one being edited, to compare. */
export type ComparedMask = { name: string; mask: Mask; look: MaskLook };

/** The picture with an editable mask: zoom and pan as in the image editor, plus the drawing tools. */
export function MaskStage({
  imageId,
  name,
  image,
  document,
  layer,
  compared,
  onModelMask,
  onInspect,
}: {
  imageId: string;
  name: string;
  image: Size;
  document: MaskDocument;
  layer: HeatmapLayer;
  compared: readonly ComparedMask[];
  onModelMask: () => void;
  onInspect: () => Promise<void>;
}) {
  const viewport = useViewport(image);
  const { stageRef, view, stage, handlers, zoomIn, zoomOut, fit, actualSize, reveal } = viewport;
  const viewer = useStore(viewerStore, (settings) => settings);
  const tools = useStore(toolStore, (settings) => settings);
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null);
  const [loadError, setLoadError] = useState<string | null>(null);
  const descriptionId = useId();
  const drawing = useDrawing({
    document,
    imageId,
    image,
    view,
    tools,
    heatmap: layer.heatmap,
    report: (message) => notify.error(message),
  });
  const { finish, cancel } = drawing;
  const layers = useMemo(
    () => (viewer.heatmap && layer.canvas ? [{ canvas: layer.canvas, opacity: viewer.heatmapOpacity }] : []),
    [viewer.heatmap, viewer.heatmapOpacity, layer.canvas],
  );

  useEffect(() => {
    const handle = { document, finish, cancel, takeModelMask: onModelMask };
    activeMaskEditor.set(handle);
    return () => activeMaskEditor.set((current) => (current === handle ? null : current));
  }, [document, finish, cancel, onModelMask]);

  useEffect(() => {
    const handle = {
      imageId,
      zoomIn,
      zoomOut,
      fit,
      actualSize,
      reveal,
      toggleCompare: () => undefined,
      nextCompareView: () => undefined,
      inspect: onInspect,
    };
    activeImageEditor.set(handle);
    return () => activeImageEditor.set((current) => (current === handle ? null : current));
  }, [imageId, zoomIn, zoomOut, fit, actualSize, reveal, onInspect]);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.focus();
    if (!drawing.down(event)) {
      handlers.onPointerDown(event);
    }
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    setPointer({ x: event.clientX - bounds.left, y: event.clientY - bounds.top });
    drawing.move(event);
    handlers.onPointerMove(event);
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    drawing.up(event);
    handlers.onPointerUp(event);
  };
  const under = pointer ? imagePoint(view, image, pointer.x, pointer.y) : null;
  const brush = tools.tool === 'brush' || tools.tool === 'eraser';
  const follows = brush || tools.tool === 'polygon';

  return (
    <div
      ref={stageRef}
      tabIndex={0}
      role="application"
      aria-roledescription="mask editor"
      aria-label={name}
      aria-describedby={descriptionId}
      data-review-stage
      data-tool={tools.tool}
      className={`relative min-h-0 min-w-0 flex-1 touch-none overflow-hidden bg-editor outline-none select-none focus-visible:ring-1 focus-visible:ring-focus focus-visible:ring-inset ${CURSORS[tools.tool]}`}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onPointerLeave={() => setPointer(null)}
      onDoubleClick={() => tools.tool === 'polygon' && finish()}
      onKeyDown={handlers.onKeyDown}
    >
      <p id={descriptionId} className="sr-only">
        Arrow keys pan; plus, minus, 0 and 1 zoom. Alt turns adding into taking away.
      </p>
      <StageCanvas
        imageId={imageId}
        image={image}
        view={view}
        stage={stage}
        layers={layers}
        reference={null}
        split={stage.width}
        onError={setLoadError}
      />
      {compared.map((each) => (
        <MaskCanvas key={each.name} {...each} view={view} stage={stage} opacity={1} />
      ))}
      {viewer.mask ? (
        <DocumentCanvas document={document} view={view} stage={stage} opacity={viewer.maskOpacity} />
      ) : null}
      <DrawingOverlay
        view={view}
        corners={drawing.corners}
        clicks={tools.tool === 'segment' ? drawing.clicks : []}
        pointer={follows ? pointer : null}
        radius={brush ? tools.radius : 0}
      />
      {drawing.busy ? (
        <p
          role="status"
          className="absolute inset-x-0 top-3 mx-auto w-fit rounded bg-black/75 px-3 py-1 text-xs text-white"
        >
          Looking at the place you clicked …
        </p>
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
        className="pointer-events-none absolute bottom-2 left-2 rounded bg-black/75 px-2 py-0.5 font-mono text-2xs text-white"
        data-view={`${view.scale} ${view.x} ${view.y}`}
      >
        {Math.round(view.scale * 100)} %{' '}
        {under
          ? `x ${under.x}  y ${under.y}${layer.heatmap ? `  anomaly ${heatmapAt(layer.heatmap, (under.x + 0.5) / image.width, (under.y + 0.5) / image.height).toFixed(2)}` : ''}`
          : `${image.width} × ${image.height}`}
      </p>
    </div>
  );
}
