import { useEffect, useMemo, useState } from 'react';
import type { MaskPart } from '@/lib/contract';
import { colourHeatmap, loadHeatmap, type Heatmap } from './heatmap';
import { paintMask, rasteriseRle, uniteBitmaps } from '@/lib/segmentation/mask-bitmap';
import type { Palette } from './palette';

/** Magenta: the one hue that neither the palettes nor machined parts use much. */
const MASK_COLOUR = [255, 45, 135] as const;

/** The masks of an image as one drawable layer, its longer side at most `maxSide` pixels. */
export function useMaskLayer(masks: readonly MaskPart[], maxSide: number): OffscreenCanvas | null {
  return useMemo(() => {
    const united = uniteBitmaps(masks.map((mask) => rasteriseRle(mask.rle, maxSide)));
    if (!united || typeof OffscreenCanvas === 'undefined') {
      return null;
    }
    const canvas = new OffscreenCanvas(united.width, united.height);
    canvas
      .getContext('2d')
      ?.putImageData(new ImageData(paintMask(united, MASK_COLOUR), united.width, united.height), 0, 0);
    return canvas;
  }, [masks, maxSide]);
}

export type HeatmapLayer = { heatmap: Heatmap | null; canvas: OffscreenCanvas | null; error: string | null };

/** The anomaly map behind `url` (null: none), coloured. Palette and threshold are applied here, so both are live. */
export function useHeatmapLayer(url: string | null, palette: Palette, threshold: number): HeatmapLayer {
  const [result, setResult] = useState<{ url: string; heatmap: Heatmap | null; error: string | null } | null>(null);
  useEffect(() => {
    if (url === null) {
      return;
    }
    let wanted = true;
    const put = (heatmap: Heatmap | null, error: string | null) => {
      if (wanted) {
        setResult({ url, heatmap, error });
      }
    };
    loadHeatmap(url).then(
      (heatmap) => put(heatmap, null),
      (error: unknown) => put(null, error instanceof Error ? error.message : String(error)),
    );
    return () => {
      wanted = false;
    };
  }, [url]);
  const current = result && result.url === url ? result : null;
  const heatmap = current?.heatmap ?? null;
  const canvas = useMemo(
    () => (heatmap ? colourHeatmap(heatmap, palette, threshold) : null),
    [heatmap, palette, threshold],
  );
  return { heatmap, canvas, error: current?.error ?? null };
}
