'use client';

import { useEffect, useRef } from 'react';
import { imageUrl } from '../client/api';
import { useHeatmapLayer, useMaskLayer } from '../image/use-layers';
import type { KnownImage } from '../state/images';
import type { ViewerSettings } from '../state/viewer';

const SIDE = 640;

/**
 * The inspected image with mask and anomaly map drawn over it, sized to its frame. The card around it says in words
 * what it shows. `heatmapUrl`: a map to draw whether or not maps are switched on, instead of the inspection's.
 */
export function MaskPicture({
  image,
  viewer,
  busy,
  heatmapUrl,
}: {
  image: KnownImage;
  viewer: ViewerSettings;
  busy: boolean;
  heatmapUrl?: string;
}) {
  const canvasRef = useRef<HTMLCanvasElement | null>(null);
  const mask = useMaskLayer(image.masks, SIDE);
  const heatmap = useHeatmapLayer(
    heatmapUrl ?? (viewer.heatmap ? (image.inspection?.heatmapUrl ?? null) : null),
    viewer.palette,
    viewer.threshold,
  );
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));

  useEffect(() => {
    const context = canvasRef.current?.getContext('2d');
    if (!context) {
      return;
    }
    context.clearRect(0, 0, width, height);
    context.globalAlpha = viewer.heatmapOpacity;
    if (heatmap.canvas) {
      context.drawImage(heatmap.canvas, 0, 0, width, height);
    }
    context.globalAlpha = viewer.maskOpacity;
    if (viewer.mask && mask) {
      context.drawImage(mask, 0, 0, width, height);
    }
  }, [mask, heatmap.canvas, viewer, width, height]);

  return (
    <div
      className="relative mx-auto max-h-80 overflow-hidden"
      style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(20rem * ${width / height})` }}
    >
      {/* Private pixels from our own server at a stored width: next/image would cache them a second time. */}
      {/* eslint-disable-next-line @next/next/no-img-element */}
      <img
        src={imageUrl(image.imageId, SIDE)}
        alt=""
        className="size-full object-fill"
        draggable={false}
        loading="lazy"
      />
      <canvas
        ref={canvasRef}
        width={width}
        height={height}
        aria-hidden
        data-mask-canvas
        className="absolute inset-0 size-full"
      />
      {busy ? (
        <div className="animate-sweep pointer-events-none absolute inset-x-0 top-0 h-[14%] border-b-2 border-accent bg-linear-to-t from-accent/30 to-transparent" />
      ) : null}
    </div>
  );
}
