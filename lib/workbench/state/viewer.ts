import * as z from 'zod/mini';
import type { Palette } from '../image/palette';
import { createStore } from './create-store';
import { persistStore } from './persist';

const fraction = z.number().check(z.minimum(0), z.maximum(1));
const viewerSchema = z.object({
  mask: z.boolean(),
  maskOpacity: fraction,
  heatmap: z.boolean(),
  heatmapOpacity: fraction,
  /** Anomaly-map values below it are not drawn, 0..1. */
  threshold: fraction,
  palette: z.enum(['turbo', 'inferno', 'viridis', 'grey'] satisfies Palette[]),
  regions: z.boolean(),
  minimap: z.boolean(),
  sidePane: z.boolean(),
});
/** How images are drawn, shared by every image editor and chat card. */
export type ViewerSettings = z.infer<typeof viewerSchema>;

export const viewerStore = createStore<ViewerSettings>({
  mask: true,
  maskOpacity: 0.65,
  heatmap: false,
  heatmapOpacity: 0.55,
  threshold: 0,
  palette: 'turbo',
  regions: true,
  minimap: true,
  sidePane: true,
});

/**
 * A wish that an image editor fulfils as soon as it shows the image: zoom to a region. `at` makes each wish a new one.
 */
export const revealStore = createStore<{
  imageId: string;
  regionId: string;
  bbox: readonly [number, number, number, number];
  at: number;
} | null>(null);

export function restoreViewer(): void {
  persistStore(viewerStore, 'looktwice.viewer.1', viewerSchema);
}

export function changeViewer(change: Partial<ViewerSettings>): void {
  viewerStore.set((settings) => ({ ...settings, ...change }));
}

/** Asks the editor of an image to zoom to a region. */
export function revealRegion(
  imageId: string,
  region: { regionId: string; bbox: readonly [number, number, number, number] },
): void {
  revealStore.set({ imageId, regionId: region.regionId, bbox: region.bbox, at: Date.now() });
}
