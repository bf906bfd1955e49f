'use client';

import { useEffect, useRef } from 'react';
import type { Mask } from '@/lib/segmentation/mask';
import type { Size, Viewport } from '../image/viewport';
import { useStore } from '../state/create-store';
import type { MaskDocument } from './mask-document';
import { paintVisible, type MaskLook } from './paint-visible';

/** Magenta, as every mask in the workbench. */
const OWN: MaskLook = { colour: [255, 45, 135] };

type Frame = { view: Viewport; stage: Size; opacity: number };

/**
 * A mask drawn over the picture in screen pixels. `version` stands for the pixels of a mask that is changed in place.
 */
export function MaskCanvas({
  mask,
  version = 0,
  look,
  view,
  stage,
  opacity,
  name,
}: Frame & { mask: Mask; version?: number; look: MaskLook; name?: string }) {
  const canvasRef = useRef<HTMLCanvasElement | null>(null);
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
      context.putImageData(new ImageData(paintVisible(mask, view, { width, height }, look), width, height), 0, 0);
    });
    return () => cancelAnimationFrame(frame);
  }, [mask, version, look, view, stage]);
  return (
    <canvas
      ref={canvasRef}
      aria-hidden
      data-mask-version={version}
      data-mask-layer={name}
      className="pointer-events-none absolute inset-0 size-full"
      style={{ opacity }}
    />
  );
}

/** The mask under the pencil. */
export function DocumentCanvas({ document, ...frame }: Frame & { document: MaskDocument }) {
  const version = useStore(document.changes, (count) => count);
  return <MaskCanvas mask={document.mask} version={version} look={OWN} {...frame} />;
}
