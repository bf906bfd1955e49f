'use client';

import { useEffect, useRef } from 'react';
import type { Size, Viewport } from '../image/viewport';
import { useStore } from '../state/create-store';
import type { MaskDocument } from './mask-document';
import { paintVisible } from './paint-visible';

/** Magenta, as every mask in the workbench. */
const COLOUR = [255, 45, 135] as const;

/** The mask under the pencil, drawn over the picture in screen pixels. */
export function MaskCanvas({
  document,
  view,
  stage,
  opacity,
}: {
  document: MaskDocument;
  view: Viewport;
  stage: Size;
  opacity: number;
}) {
  const canvasRef = useRef<HTMLCanvasElement | null>(null);
  const version = useStore(document.changes, (count) => count);
  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || stage.width === 0 || stage.height === 0) {
      return;
    }
    const frame = requestAnimationFrame(() => {
      const width = Math.round(stage.width);
      const height = Math.round(stage.height);
      canvas.width = width;
      canvas.height = height;
      context.putImageData(
        new ImageData(paintVisible(document.mask, view, { width, height }, COLOUR), width, height),
        0,
        0,
      );
    });
    return () => cancelAnimationFrame(frame);
  }, [document, version, view, stage]);
  return (
    <canvas
      ref={canvasRef}
      aria-hidden
      data-mask-version={version}
      className="pointer-events-none absolute inset-0 size-full"
      style={{ opacity }}
    />
  );
}
