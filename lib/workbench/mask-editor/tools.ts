import * as z from 'zod/mini';
import { createStore } from '../state/create-store';
import { persistStore } from '../state/persist';

export const tools = ['move', 'brush', 'eraser', 'polygon', 'wand', 'segment'] as const;
export type Tool = (typeof tools)[number];

const toolSchema = z.object({
  tool: z.enum(tools),
  /** Radius of brush and eraser in image pixels. */
  radius: z.number().check(z.minimum(0.5), z.maximum(400)),
  /** Tolerance of the magic wand, 0..1 of the anomaly map. */
  tolerance: z.number().check(z.minimum(0), z.maximum(1)),
});
export type ToolSettings = z.infer<typeof toolSchema>;

/** The tool in hand and its settings, the same for every image. */
export const toolStore = createStore<ToolSettings>({ tool: 'move', radius: 6, tolerance: 0.15 });

export function restoreTools(): void {
  persistStore(toolStore, 'looktwice.mask-tools.1', toolSchema);
}

export function chooseTool(tool: Tool): void {
  toolStore.set((settings) => ({ ...settings, tool }));
}

/** Makes the brush larger (1) or smaller (-1), by about a quarter, at least half a pixel. */
export function stepRadius(direction: 1 | -1): void {
  toolStore.set((settings) => {
    const next = direction > 0 ? Math.max(settings.radius + 0.5, settings.radius * 1.25) : settings.radius / 1.25;
    return { ...settings, radius: Math.min(400, Math.max(0.5, Math.round(next * 2) / 2)) };
  });
}
