'use client';

import { Maximize, Minus, Plus, VenetianMask, X } from 'lucide-react';
import { useEffect } from 'react';
import type { SharedPicture } from '@/lib/sharing/shared-view';
import { useViewport } from '../image/use-viewport';
import { Button } from '../ui/button';
import { MaskOverlay } from './mask-overlay';

/** A picture over the whole window: wheel and pinch zoom, dragging and arrow keys pan. */
export function ZoomDialog({
  picture,
  source,
  mask,
  onMask,
  onClose,
}: {
  picture: SharedPicture;
  source: string;
  mask: boolean;
  onMask: (shown: boolean) => void;
  onClose: () => void;
}) {
  const { width, height } = picture;
  const { stageRef, view, ready, zoomIn, zoomOut, fit, actualSize, handlers } = useViewport({ width, height });
  // The dialog was opened before this was in it, so nothing here had the focus yet.
  useEffect(() => stageRef.current?.focus(), [stageRef]);
  const onKey = (key: string) => {
    const actions: Record<string, () => void> = { '+': zoomIn, '=': zoomIn, '-': zoomOut, '0': fit, '1': actualSize };
    actions[key]?.();
    if (key === 'm') {
      onMask(!mask);
    }
  };
  return (
    <div className="flex h-full flex-col">
      <header className="flex items-center gap-1 border-b border-line px-2 py-1">
        <h2 className="min-w-0 flex-1 truncate px-1 text-xs font-medium text-strong">{picture.name}</h2>
        <output aria-label="Zoom" className="w-14 text-right text-xs text-muted tabular-nums">
          {Math.round(view.scale * 100)} %
        </output>
        <Button size="icon" aria-label="Zoom out" title="Zoom out (-)" onClick={zoomOut}>
          <Minus />
        </Button>
        <Button size="icon" aria-label="Zoom in" title="Zoom in (+)" onClick={zoomIn}>
          <Plus />
        </Button>
        <Button size="icon" aria-label="Fit" title="Fit (0)" onClick={fit}>
          <Maximize />
        </Button>
        <Button
          size="icon"
          aria-label="Mask"
          title="Mask (m)"
          aria-pressed={mask}
          disabled={picture.outline === null}
          onClick={() => onMask(!mask)}
        >
          <VenetianMask />
        </Button>
        <Button size="icon" aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <X />
        </Button>
      </header>
      <div
        ref={stageRef}
        role="application"
        aria-label={`${picture.name}: arrow keys move, plus and minus zoom, 0 fits, m shows the mask`}
        tabIndex={0}
        className="relative min-h-0 flex-1 cursor-grab touch-none overflow-hidden bg-app outline-none active:cursor-grabbing"
        {...handlers}
        onPointerCancel={handlers.onPointerUp}
        onKeyDown={(event) => {
          handlers.onKeyDown(event);
          if (!event.ctrlKey && !event.metaKey && !event.altKey) {
            onKey(event.key);
          }
        }}
      >
        <div
          className="absolute top-0 left-0 origin-top-left"
          style={{
            width: width * view.scale,
            height: height * view.scale,
            transform: `translate(${view.x}px, ${view.y}px)`,
            visibility: ready ? 'visible' : 'hidden',
          }}
        >
          {/* eslint-disable-next-line @next/next/no-img-element -- a stored variant that the link's token opens */}
          <img
            src={source}
            alt=""
            draggable={false}
            className="size-full max-w-none object-fill select-none"
            style={{ imageRendering: view.scale >= 4 ? 'pixelated' : 'auto' }}
          />
          <MaskOverlay picture={picture} shown={mask} />
        </div>
      </div>
    </div>
  );
}
