import { useCallback, useRef, useState, type PointerEvent } from 'react';
import { polygonsToMask, type Point } from '@/lib/segmentation/polygon';
import { decodeRle, decompressCounts } from '@/lib/segmentation/rle';
import { magicWand } from '@/lib/segmentation/wand';
import type { Heatmap } from '../image/heatmap';
import type { Size, Viewport } from '../image/viewport';
import { reviewApi } from '../review/api';
import type { MaskDocument } from './mask-document';
import type { ToolSettings } from './tools';

type Click = { x: number; y: number; positive: boolean };

export type Drawing = {
  /** Corners of the polygon that is being drawn. */
  corners: readonly Point[];
  clicks: readonly Click[];
  /** The mask decoder is at work. */
  busy: boolean;
  down: (event: PointerEvent<HTMLElement>) => boolean;
  move: (event: PointerEvent<HTMLElement>) => void;
  up: (event: PointerEvent<HTMLElement>) => void;
  finish: () => void;
  cancel: () => void;
};

/** The image point (not pixel) under a pointer, in px of the image. */
function pointOf(event: PointerEvent<HTMLElement>, view: Viewport): Point {
  const bounds = event.currentTarget.getBoundingClientRect();
  return {
    x: (event.clientX - bounds.left - view.x) / view.scale,
    y: (event.clientY - bounds.top - view.y) / view.scale,
  };
}

/**
 * What pressing and dragging on the picture does with the tool in hand. Alt turns adding into taking away.
 * @param report tells the reader why a tool could not be used
 */
export function useDrawing({
  document,
  imageId,
  image,
  view,
  tools,
  heatmap,
  report,
}: {
  document: MaskDocument;
  imageId: string;
  image: Size;
  view: Viewport;
  tools: ToolSettings;
  heatmap: Heatmap | null;
  report: (message: string) => void;
}): Drawing {
  const [corners, setCorners] = useState<readonly Point[]>([]);
  const [clicks, setClicks] = useState<readonly Click[]>([]);
  const [busy, setBusy] = useState(false);
  const stroke = useRef<{ pointerId: number; last: Point; value: 0 | 1 } | null>(null);
  const sequence = useRef(0);
  /**
   * The document's version right after the clicks' region was added: a further click redoes it, unless something else
   * was done since.
   */
  const shown = useRef<number | null>(null);

  const finish = useCallback(() => {
    if (corners.length >= 3) {
      document.apply(polygonsToMask([[...corners]], image.width, image.height), 'add');
    }
    setCorners([]);
    setClicks([]);
    shown.current = null;
  }, [corners, document, image]);

  const cancel = useCallback(() => {
    sequence.current += 1;
    setCorners([]);
    setClicks([]);
    setBusy(false);
    shown.current = null;
  }, []);

  const segment = async (next: readonly Click[]) => {
    setClicks(next);
    if (!next.some(({ positive }) => positive)) {
      return;
    }
    sequence.current += 1;
    const turn = sequence.current;
    setBusy(true);
    try {
      const { mask } = await reviewApi.segment(imageId, { clicks: [...next] });
      if (turn === sequence.current) {
        if (shown.current === document.changes.get()) {
          document.undo();
        }
        document.apply(decodeRle({ size: mask.size, counts: decompressCounts(mask.counts) }), 'add');
        shown.current = document.changes.get();
      }
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
    } finally {
      if (turn === sequence.current) {
        setBusy(false);
      }
    }
  };

  const down = (event: PointerEvent<HTMLElement>): boolean => {
    const point = pointOf(event, view);
    const pixel = { x: Math.floor(point.x), y: Math.floor(point.y) };
    const onImage = pixel.x >= 0 && pixel.y >= 0 && pixel.x < image.width && pixel.y < image.height;
    if (event.button !== 0 || tools.tool === 'move') {
      return false;
    }
    switch (tools.tool) {
      case 'brush':
      case 'eraser': {
        const value = (tools.tool === 'brush') !== event.altKey ? 1 : 0;
        event.currentTarget.setPointerCapture(event.pointerId);
        stroke.current = { pointerId: event.pointerId, last: point, value };
        document.stroke(point, point, tools.radius, value);
        break;
      }
      case 'polygon':
        setCorners([...corners, point]);
        break;
      case 'wand':
        if (!heatmap) {
          report('The magic wand works on the anomaly map: inspect the image first (I).');
        } else if (onImage) {
          document.apply(magicWand(heatmap, image, pixel, tools.tolerance * 255), event.altKey ? 'remove' : 'add');
        }
        break;
      case 'segment':
        if (onImage) {
          // What was done in between is a new beginning.
          const earlier = shown.current === document.changes.get() || busy ? clicks : [];
          void segment([...earlier, { ...pixel, positive: !event.altKey }]);
        }
        break;
    }
    return true;
  };

  const move = (event: PointerEvent<HTMLElement>) => {
    const current = stroke.current;
    if (!current || current.pointerId !== event.pointerId) {
      return;
    }
    const point = pointOf(event, view);
    document.stroke(current.last, point, tools.radius, current.value);
    stroke.current = { ...current, last: point };
  };

  const up = (event: PointerEvent<HTMLElement>) => {
    if (stroke.current?.pointerId === event.pointerId) {
      stroke.current = null;
      document.endStroke();
    }
  };

  return { corners, clicks, busy, down, move, up, finish, cancel };
}
