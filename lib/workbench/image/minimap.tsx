'use client';

import type { PointerEvent } from 'react';
import { imageUrl } from '../client/api';
import { visibleBox, type Size, type Viewport } from './viewport';

const LONG_SIDE = 150;

/**
 * The whole image in a corner with the part that is shown; pressing moves there. Hidden while all of the image shows.
 */
export function Minimap({
  imageId,
  image,
  view,
  stage,
  onMove,
}: {
  imageId: string;
  image: Size;
  view: Viewport;
  stage: Size;
  onMove: (view: Viewport) => void;
}) {
  const box = visibleBox(view, image, stage);
  if (!box || (box[2] >= image.width && box[3] >= image.height)) {
    return null;
  }
  const scale = LONG_SIDE / Math.max(image.width, image.height);
  const move = (event: PointerEvent<HTMLDivElement>) => {
    event.stopPropagation();
    if (event.buttons !== 1) {
      return;
    }
    const bounds = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - bounds.left) / scale;
    const y = (event.clientY - bounds.top) / scale;
    onMove({ ...view, x: stage.width / 2 - x * view.scale, y: stage.height / 2 - y * view.scale });
  };
  return (
    <div
      aria-hidden
      data-minimap
      className="absolute right-3 bottom-3 cursor-crosshair overflow-hidden rounded border border-line-strong bg-app shadow-(--shadow)"
      style={{ width: image.width * scale, height: image.height * scale }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={move}
    >
      {/* A stored variant of a private image: next/image would fetch and cache it a second time. */}
      {/* eslint-disable-next-line @next/next/no-img-element */}
      <img src={imageUrl(imageId, 160)} alt="" className="size-full object-fill" draggable={false} />
      <div
        className="absolute top-0 left-0 border-2 border-focus bg-white/15"
        style={{
          transform: `translate(${box[0] * scale}px, ${box[1] * scale}px)`,
          width: box[2] * scale,
          height: box[3] * scale,
        }}
      />
    </div>
  );
}
