'use client';

import { useEffect, useMemo, useRef } from 'react';
import { shortVerdict } from '@/lib/contract/verdict';
import type { MaskPart } from '@/lib/contract';
import { imageUrl } from '../client/api';
import { useMaskLayer } from '../image/use-layers';
import type { OpenItem } from './item-store';

const SIDE = 640;
const NO_MASKS: readonly MaskPart[] = [];

function Picture({
  title,
  note,
  image,
  masks = NO_MASKS,
}: {
  title: string;
  note: string;
  image: { id: string; width: number; height: number } | null;
  masks?: readonly MaskPart[];
}) {
  const canvasRef = useRef<HTMLCanvasElement | null>(null);
  const layer = useMaskLayer(masks, SIDE);
  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (canvas && context) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      if (layer) {
        context.drawImage(layer, 0, 0, canvas.width, canvas.height);
      }
    }
  }, [layer, image]);
  return (
    <figure className="min-w-0 flex-1">
      <figcaption className="flex items-baseline justify-between gap-2 pb-1 text-2xs">
        <span className="font-medium text-muted">{title}</span>
        {image ? <span className="truncate text-muted tabular-nums">{note}</span> : null}
      </figcaption>
      <div className="relative grid h-36 place-items-center overflow-hidden rounded border border-line bg-app">
        {image ? (
          <>
            {/* Private pixels from our own server at a stored width: next/image would cache them a second time. */}
            {/* eslint-disable-next-line @next/next/no-img-element */}
            <img
              src={imageUrl(image.id, SIDE)}
              alt=""
              className="absolute inset-0 size-full object-contain"
              draggable={false}
            />
            <canvas
              ref={canvasRef}
              width={Math.round(SIDE * Math.min(1, image.width / image.height))}
              height={Math.round(SIDE * Math.min(1, image.height / image.width))}
              aria-hidden
              className="absolute inset-0 size-full object-contain opacity-70"
            />
          </>
        ) : (
          <p className="px-3 text-center text-2xs text-muted">{note}</p>
        )}
      </div>
    </figure>
  );
}

/** The model's own mask, and a normal image of the set, beside the picture under review. */
export function SidePictures({ open, referenceIndex }: { open: OpenItem; referenceIndex: number }) {
  const { item, model } = open;
  const seen = model && !('error' in model) ? model : null;
  const masks = useMemo(() => seen?.masks ?? NO_MASKS, [seen]);
  const { references } = item;
  const reference = references.length > 0 ? (references[referenceIndex % references.length] ?? null) : null;
  const note = model && 'error' in model ? model.error : 'looking …';
  return (
    <div className="flex gap-2 border-b border-line p-3">
      <Picture
        title="Model"
        note={seen ? `${shortVerdict(seen.inspection)}, score ${seen.inspection.score.toFixed(2)}` : note}
        image={seen ? item.image : null}
        masks={masks}
      />
      <Picture
        title="Normal"
        note={
          reference
            ? `${(referenceIndex % references.length) + 1} of ${references.length}`
            : 'The set has no normal image'
        }
        image={reference}
      />
    </div>
  );
}
