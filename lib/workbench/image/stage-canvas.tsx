'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from '../state/create-store';
import { valueWindowStore } from '../state/value-windows';
import { ImageSource } from './image-source';
import type { CompareView } from './use-comparison';
import { visibleBox, type Size, type Viewport } from './viewport';

type Layer = { canvas: OffscreenCanvas; opacity: number };

/**
 * Draws what the stage shows: the image at the sharpness the zoom needs, then the layers, then the reference as
 * `compare` says: right of `split`, beside the image (the canvas then is two stages wide), in its place (`flipped`), or
 * what differs between the two. One canvas of the stage's size, so that the cost of a frame depends on the screen and
 * not on the image.
 */
export function StageCanvas({
  imageId,
  image,
  view,
  stage,
  layers,
  reference,
  compare = 'divider',
  flipped = false,
  split,
  onError,
}: {
  imageId: string;
  image: Size;
  view: Viewport;
  stage: Size;
  layers: readonly Layer[];
  reference: { imageId: string; size: Size } | null;
  compare?: CompareView;
  flipped?: boolean;
  /** Stage x of the divider, in CSS pixels. */
  split: number;
  onError: (message: string | null) => void;
}) {
  const canvasRef = useRef<HTMLCanvasElement | null>(null);
  const [loads, setLoads] = useState(0);
  const loaded = useCallback(() => setLoads((count) => count + 1), []);
  const source = useSource(imageId, image, loaded);
  const other = useSource(reference?.imageId ?? null, reference?.size ?? image, loaded);

  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || !source || stage.width === 0) {
      return;
    }
    const frame = requestAnimationFrame(() => {
      const ratio = window.devicePixelRatio || 1;
      const isBeside = reference !== null && compare === 'beside';
      canvas.width = Math.round(stage.width * (isBeside ? 2 : 1) * ratio);
      canvas.height = Math.round(stage.height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const needed = image.width * view.scale * ratio;
      const there = reference && other ? other.bitmap(needed) : null;
      paint(context, source.bitmap(needed), image, view, stage);
      onError(source.error);
      if (there && compare === 'difference') {
        context.globalCompositeOperation = 'difference';
        paint(context, there, image, view, stage);
        context.globalCompositeOperation = 'source-over';
      } else if (there && compare === 'blink') {
        if (flipped) {
          paint(context, there, image, view, stage);
          return;
        }
      } else if (there) {
        const from = isBeside ? stage.width : split;
        context.save();
        context.beginPath();
        context.rect(from, 0, isBeside ? stage.width : stage.width - split, stage.height);
        context.clip();
        context.translate(isBeside ? stage.width : 0, 0);
        paint(context, there, image, view, stage);
        context.restore();
        context.beginPath();
        context.rect(0, 0, from, stage.height);
        context.clip();
      }
      context.imageSmoothingEnabled = true;
      for (const { canvas: layer, opacity } of layers) {
        context.globalAlpha = opacity;
        context.drawImage(layer, view.x, view.y, image.width * view.scale, image.height * view.scale);
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [source, other, reference, compare, flipped, image, view, stage, layers, split, loads, onError]);

  return <canvas ref={canvasRef} className="absolute inset-0 size-full" aria-hidden />;
}

function useSource(imageId: string | null, size: Size, changed: () => void): ImageSource | null {
  const { width, height } = size;
  const window = useStore(valueWindowStore, (all) => (imageId === null ? null : (all[imageId] ?? null)));
  const source = useMemo(
    () => (imageId === null ? null : new ImageSource(imageId, { width, height }, changed)),
    [imageId, width, height, changed],
  );
  useEffect(() => () => source?.dispose(), [source]);
  useEffect(() => {
    source?.showBy(window ?? undefined);
    changed();
  }, [source, window, changed]);
  return source;
}

function paint(
  context: CanvasRenderingContext2D,
  bitmap: ImageBitmap | null,
  image: Size,
  view: Viewport,
  stage: Size,
): void {
  const box = visibleBox(view, image, stage);
  if (!bitmap || !box) {
    return;
  }
  const [x, y, width, height] = box;
  const ratioX = bitmap.width / image.width;
  const ratioY = bitmap.height / image.height;
  // Close up, pixels are shown as they are: an inspector must see what the camera saw.
  context.imageSmoothingEnabled = view.scale < 3;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    bitmap,
    x * ratioX,
    y * ratioY,
    width * ratioX,
    height * ratioY,
    view.x + x * view.scale,
    view.y + y * view.scale,
    width * view.scale,
    height * view.scale,
  );
}
